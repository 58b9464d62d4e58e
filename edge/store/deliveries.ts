/**
 * Messages to webhooks. Promised in the batch that stores the event they tell of; whoever sends takes one for a while
 * first, so a crash anywhere costs a delay or a second message and never the message.
 */
import { type SQL, sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import type { Delivery } from "../../contract/webhook.ts";
import type { Cursor } from "./dreams.ts";
import type { NewEvent } from "./events.ts";
import { ownerOf } from "./keys.ts";
import type { Session } from "./open.ts";

/** How long a sender that took messages has for them: longer than it can need. */
const takeMs = 5 * 60_000;

/**
 * Promises a message about the event to every webhook that wants it, of the owner of every job that `where` (over
 * `jobs`) finds. Gives a row for each. Stands right beside `appendEvent`.
 */
export const promiseDeliveries = (event: NewEvent, nowMs: number, where: SQL) => sql<{ id: string }>`
  INSERT INTO deliveries (id, webhook_id, job_id, type, body, status, due_at, created_at)
  SELECT 'msg_' || lower(hex(randomblob(16))), webhooks.id, jobs.id, ${event.type},
    json_object('type', ${event.type}, 'timestamp', ${new Date(nowMs).toISOString()},
      'data', json_patch(json_object('dream_id', dreams.client_id, 'job_id', jobs.id), ${event.data})),
    'pending', ${nowMs}, ${nowMs}
  FROM jobs JOIN dreams ON dreams.id = jobs.dream_id JOIN webhooks ON webhooks.owner_id = jobs.owner_id
  WHERE ${where} AND webhooks.enabled
    AND EXISTS (SELECT 1 FROM json_each(webhooks.events) WHERE value = ${event.type})
  ON CONFLICT DO NOTHING RETURNING id`;

export interface DueDelivery {
  id: string;
  webhook_id: string;
  body: string;
  /** This try's number, from 1. */
  attempts: number;
  /** Null: the webhook is gone. */
  url: string | null;
  secret: string | null;
  /** Of the request that asked for the film. */
  traceparent: string | null;
}

/** Takes at most `limit` messages that are due, of one job where it is given. Two senders at once take different ones. */
export async function takeDueDeliveries(
  session: Session,
  nowMs: number,
  limit: number,
  jobId?: string,
): Promise<DueDelivery[]> {
  const ofJob = jobId === undefined ? sql`` : sql`AND +job_id = ${jobId}`;
  const [rows] = await session.batch([
    sql<DueDelivery>`
      UPDATE deliveries SET attempts = attempts + 1, due_at = ${nowMs + takeMs}, last_at = ${nowMs}
      WHERE id IN (SELECT id FROM deliveries WHERE status = 'pending' AND due_at <= ${nowMs} ${ofJob}
        ORDER BY due_at LIMIT ${limit})
      RETURNING id, webhook_id, body, attempts,
        (SELECT url FROM webhooks WHERE webhooks.id = webhook_id) AS url,
        (SELECT secret FROM webhooks WHERE webhooks.id = webhook_id) AS secret,
        (SELECT traceparent FROM jobs WHERE jobs.id = deliveries.job_id) AS traceparent`,
  ]);
  return rows;
}

/** How a try ended. `isGone`: the receiver wants nothing more, so the webhook is disabled. */
export interface Outcome {
  status: "pending" | "delivered" | "failed";
  /** When to try again, if `status` is pending. */
  dueAt: number;
  responseStatus: number | null;
  error: string | null;
  isGone: boolean;
}

/** Notes how a try ended, unless the message was taken again since. */
export async function settleDelivery(
  session: Session,
  { id, webhook_id, attempts }: DueDelivery,
  { status, dueAt, responseStatus, error, isGone }: Outcome,
): Promise<void> {
  await session.batch([
    sql`UPDATE deliveries SET status = ${status}, due_at = ${dueAt}, response_status = ${responseStatus}, error = ${error}
      WHERE id = ${id} AND attempts = ${attempts}`,
    isGone ? sql`UPDATE webhooks SET enabled = 0, disabled_reason = 'gone' WHERE id = ${webhook_id}` : null,
    isGone
      ? sql`UPDATE deliveries SET status = 'failed', error = 'webhook.disabled'
          WHERE webhook_id = ${webhook_id} AND status = 'pending'`
      : null,
  ]);
}

interface DeliveryRow {
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

/** The webhook's messages, newest first, at most `limit` after the cursor. Says too whether the webhook is the caller's. */
export async function listDeliveries(
  session: Session,
  keyHash: string,
  webhookId: string,
  cursor: Cursor | null,
  limit: number,
) {
  const isAfter = cursor === null ? sql`TRUE` : sql`(created_at, id) < (${cursor.createdAt}, ${cursor.id})`;
  const [[found], rows] = await session.batch([
    sql<{ owner: string; hook: string | null }>`
      SELECT api_keys.owner_id AS owner, webhooks.id AS hook
      FROM api_keys LEFT JOIN webhooks ON webhooks.id = ${webhookId} AND webhooks.owner_id = api_keys.owner_id
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    sql<DeliveryRow>`
      SELECT ${shown} FROM deliveries
      WHERE webhook_id = (SELECT id FROM webhooks WHERE id = ${webhookId} AND owner_id = ${ownerOf(keyHash)})
        AND ${isAfter}
      ORDER BY created_at DESC, id DESC LIMIT ${limit}`,
  ]);
  if (found === undefined) return undefined;
  return { hook: found.hook, rows };
}

/** Makes the message due now, with all its tries before it. Undefined: no such key; what is null is not the caller's. */
export async function dueAgain(
  session: Session,
  keyHash: string,
  webhookId: string,
  deliveryId: string,
  nowMs: number,
): Promise<{ hook: { enabled: boolean } | null; row: DeliveryRow | null } | undefined> {
  const hook = sql`(SELECT id FROM webhooks WHERE id = ${webhookId} AND owner_id = ${ownerOf(keyHash)})`;
  const [, [found], [row]] = await session.batch([
    sql`
      UPDATE deliveries SET status = 'pending', attempts = 0, due_at = ${nowMs}, error = NULL, response_status = NULL
      WHERE id = ${deliveryId} AND webhook_id = ${hook}
        AND EXISTS (SELECT 1 FROM webhooks WHERE id = ${webhookId} AND enabled)`,
    sql<{ owner: string; hook: string | null; enabled: number | null }>`
      SELECT api_keys.owner_id AS owner, webhooks.id AS hook, webhooks.enabled AS enabled
      FROM api_keys LEFT JOIN webhooks ON webhooks.id = ${webhookId} AND webhooks.owner_id = api_keys.owner_id
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    sql<DeliveryRow>`SELECT ${shown} FROM deliveries WHERE id = ${deliveryId} AND webhook_id = ${hook}`,
  ]);
  if (found === undefined) return undefined;
  return { hook: found.hook === null ? null : { enabled: found.enabled === 1 }, row: row ?? null };
}

export const presentDelivery = (row: DeliveryRow): Delivery => ({
  id: row.id,
  type: row.type,
  job_id: row.job_id,
  status: row.status,
  attempts: row.attempts,
  next_attempt_at: row.status === "pending" ? new Date(row.due_at).toISOString() : null,
  last_attempt_at: row.last_at === null ? null : new Date(row.last_at).toISOString(),
  response_status: row.response_status,
  error: row.error,
  created_at: new Date(row.created_at).toISOString(),
});

/** Deletes at most `limit` lines whose time is over. */
export const pruneDeliveries = (nowMs: number, limit: number) => sql`
  DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE created_at <= ${nowMs - limits.deliveryKeepSeconds * 1000} LIMIT ${limit})`;
