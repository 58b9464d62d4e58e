import { getTableColumns, sql } from "drizzle-orm";
import type { ProblemCode } from "../../contract/problem.ts";
import { webhooks } from "../../db/schema.ts";
import { giveUpDeliveries } from "./deliveries.ts";
import { isCaller, ownerOf } from "./keys.ts";
import type { Session } from "./open.ts";
import { limitReached, type OwnerLimits } from "./owner-limits.ts";
import { named } from "./rows.ts";

export interface WebhookRow extends Omit<typeof webhooks.$inferSelect, "enabled"> {
  /** 0 or 1. */
  enabled: number;
}
const columns = named(getTableColumns(webhooks));

/**
 * Stores the webhook unless an owner's limit is reached: `limit` is the problem that tells of it. Null: the
 * key is unknown.
 */
export async function insertWebhook(
  session: Session,
  keyHash: string,
  hook: Pick<WebhookRow, "id" | "url" | "secret" | "createdAt"> & {
    events: readonly string[];
    enabled: boolean;
  },
  ownerLimits: OwnerLimits,
): Promise<{ made: boolean; limit: ProblemCode | null } | null> {
  const limit = limitReached("webhook", ownerLimits, { nowMs: hook.createdAt });
  const { stands } = await session.batch({
    hook: sql`
      INSERT INTO webhooks (id, owner_id, url, events, secret, enabled, created_at)
      SELECT ${hook.id}, owner_id, ${hook.url}, ${JSON.stringify(hook.events)}, ${hook.secret},
        ${hook.enabled ? 1 : 0}, ${hook.createdAt}
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL
        AND ${limit} IS NULL
      ON CONFLICT DO NOTHING`,
    stands: sql<{ made: number; limit: ProblemCode | null }>`
      SELECT EXISTS (SELECT 1 FROM webhooks WHERE id = ${hook.id}) AS made, ${limit} AS "limit"
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL`,
  });
  const [row] = stands;
  return row ? { made: row.made === 1, limit: row.limit } : null;
}

/** The caller's webhooks, oldest first; only `id` if it is given. Undefined: the key is unknown. */
export async function readWebhooks(
  session: Session,
  keyHash: string,
  id?: string,
): Promise<WebhookRow[] | undefined> {
  const { caller, hooks } = await session.batch({
    caller: sql`SELECT 1 FROM api_keys WHERE ${isCaller(keyHash)}`,
    hooks: sql<WebhookRow>`
      SELECT ${columns} FROM webhooks WHERE owner_id = ${ownerOf(keyHash)}
        AND ${id === undefined ? sql`TRUE` : sql`id = ${id}`} ORDER BY created_at, id`,
  });
  return caller.length === 0 ? undefined : hooks;
}

export interface WebhookChange {
  url?: string;
  events?: readonly string[];
  enabled?: boolean;
}

/**
 * Changes the caller's webhook; the messages of a disabled one fail. Undefined: the caller has no such
 * webhook.
 */
export async function updateWebhook(
  session: Session,
  keyHash: string,
  id: string,
  { url, events, enabled }: WebhookChange,
): Promise<WebhookRow | undefined> {
  const isTheirs = sql`id = ${id} AND owner_id = ${ownerOf(keyHash)}`;
  // A webhook with a new address, or one that is switched on or off, loses its pause.
  const isResumed = url !== undefined || enabled !== undefined;
  const { hook } = await session.batch({
    hook: sql<WebhookRow>`
      UPDATE webhooks SET url = COALESCE(${url ?? null}, url),
        events = COALESCE(${events === undefined ? null : JSON.stringify(events)}, events),
        enabled = COALESCE(${enabled === undefined ? null : Number(enabled)}, enabled),
        disabled_reason = ${enabled === undefined ? sql`disabled_reason` : null},
        resumes_at = ${isResumed ? 0 : sql`resumes_at`}, timeouts = ${isResumed ? 0 : sql`timeouts`}
      WHERE ${isTheirs} RETURNING ${columns}`,
    givenUp: giveUpDeliveries(sql`(SELECT id FROM webhooks WHERE ${isTheirs} AND NOT enabled)`),
  });
  return hook[0];
}

/** Deletes a webhook with its log. `id` is of a row that the caller may read, so a repeated call succeeds. */
export async function deleteWebhook(session: Session, id: string): Promise<void> {
  await session.batch({
    deliveries: sql`DELETE FROM deliveries WHERE webhook_id = ${id}`,
    hook: sql`DELETE FROM webhooks WHERE id = ${id}`,
  });
}
