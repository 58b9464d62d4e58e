/** A webhook's messages, as its owner reads them and sends them again. */
import { sql } from "drizzle-orm";
import type { Delivery } from "../../contract/webhook.ts";
import { ownerOf } from "./keys.ts";
import type { Session } from "./open.ts";
import type { Cursor } from "./rows.ts";

export interface DeliveryRow {
  id: string;
  type: Delivery["type"];
  job_id: string;
  status: Delivery["status"];
  attempts: number;
  due_at: number;
  last_at: number | null;
  response_status: number | null;
  error: string | null;
  created_at: number;
}

const shown = sql`id, type, job_id, status, attempts, due_at, last_at, response_status, error, created_at`;

/**
 * The webhook's messages, newest first, at most `limit` after the cursor, and whether the webhook is the
 * caller's.
 */
export async function listDeliveries(
  session: Session,
  keyHash: string,
  webhookId: string,
  cursor: Cursor | null,
  limit: number,
) {
  const isAfter = cursor === null ? sql`TRUE` : sql`(created_at, id) < (${cursor.createdAt}, ${cursor.id})`;
  const { found, rows } = await session.batch({
    found: sql<{ owner: string; hook: string | null }>`
      SELECT api_keys.owner_id AS owner, webhooks.id AS hook
      FROM api_keys LEFT JOIN webhooks ON webhooks.id = ${webhookId} AND webhooks.owner_id = api_keys.owner_id
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    rows: sql<DeliveryRow>`
      SELECT ${shown} FROM deliveries
      WHERE webhook_id = (SELECT id FROM webhooks WHERE id = ${webhookId} AND owner_id = ${ownerOf(keyHash)})
        AND ${isAfter}
      ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
  });
  return found[0] && { hook: found[0].hook, rows };
}

/**
 * Makes the message due now, with all its tries again. Undefined: the key is unknown; null: not the caller's.
 */
export async function dueAgain(
  session: Session,
  keyHash: string,
  webhookId: string,
  deliveryId: string,
  nowMs: number,
): Promise<{ hook: { enabled: boolean; ownerId: string } | null; row: DeliveryRow | null } | undefined> {
  const hook = sql`(SELECT id FROM webhooks WHERE id = ${webhookId} AND owner_id = ${ownerOf(keyHash)})`;
  const { found, delivery } = await session.batch({
    resumed: sql`UPDATE webhooks SET resumes_at = 0 WHERE id = ${hook}`,
    due: sql`
      UPDATE deliveries SET status = 'pending', attempts = 0, due_at = ${nowMs}, error = NULL, response_status = NULL
      WHERE id = ${deliveryId} AND webhook_id = ${hook}
        AND EXISTS (SELECT 1 FROM webhooks WHERE id = ${webhookId} AND enabled)`,
    found: sql<{ owner: string; hook: string | null; enabled: number | null }>`
      SELECT api_keys.owner_id AS owner, webhooks.id AS hook, webhooks.enabled AS enabled
      FROM api_keys LEFT JOIN webhooks ON webhooks.id = ${webhookId} AND webhooks.owner_id = api_keys.owner_id
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    delivery: sql<DeliveryRow>`SELECT ${shown} FROM deliveries WHERE id = ${deliveryId} AND webhook_id = ${hook}`,
  });
  const [caller] = found;
  if (caller === undefined) return undefined;
  return {
    hook: caller.hook === null ? null : { enabled: caller.enabled === 1, ownerId: caller.owner },
    row: delivery[0] ?? null,
  };
}
