/**
 * Messages to webhooks. A message is stored in the batch of the event that it reports. A sender reserves it
 * for a minute before it sends, so a crash costs a delay or a second message and never the message.
 */
import { type SQL, sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import { readMark, writeMark } from "./clean-up.ts";
import type { NewEvent } from "./events.ts";
import type { Session } from "./open.ts";

export interface Candidate {
  deliveryId: string;
  /** The receiver's URL. */
  url: string;
  dueAt: number;
}

/**
 * How long a sender may hold a reserved message. A try takes at most 20 s: 5 s for DNS, 15 s for the answer.
 */
const takeMs = 60_000;
/**
 * The pause of a webhook after a try that timed out; four times as long after each further one. Milliseconds.
 */
const firstPauseMs = 5_000;
const longestPauseMs = 5 * 60_000;

/**
 * Stores a message about the event for every subscribed webhook of the owner of every job that `where` (over
 * `jobs`) finds. Gives the owner of each message. Stands beside `appendEvent`.
 */
export const promiseDeliveries = (event: NewEvent, nowMs: number, where: SQL) => sql<{ owner_id: string }>`
  INSERT INTO deliveries (id, webhook_id, job_id, type, body, status, due_at, created_at)
  SELECT 'msg_' || lower(hex(randomblob(16))), webhooks.id, jobs.id, ${event.type},
    json_object('type', ${event.type}, 'timestamp', ${new Date(nowMs).toISOString()},
      'data', json_patch(json_object('dream_id', dreams.client_id, 'job_id', jobs.id), ${event.data})),
    'pending', ${nowMs}, ${nowMs}
  FROM jobs JOIN dreams ON dreams.id = jobs.dream_id JOIN webhooks ON webhooks.owner_id = jobs.owner_id
  WHERE ${where} AND webhooks.enabled
    AND EXISTS (SELECT 1 FROM json_each(webhooks.events) WHERE value = ${event.type})
  ON CONFLICT DO NOTHING
  RETURNING (SELECT owner_id FROM webhooks WHERE webhooks.id = webhook_id) AS owner_id`;

/** Forgets messages of this type about the jobs that `where` finds, so that another one can follow. */
export const forgetDelivered = (type: string, where: SQL) => sql`
  DELETE FROM deliveries WHERE type = ${type} AND status <> 'pending'
    AND job_id IN (SELECT jobs.id FROM jobs WHERE ${where})`;

/** The owners whose senders must be notified of what `promiseDeliveries` has stored. */
export const ownersOf = (promised: readonly { owner_id: string }[]): string[] => [
  ...new Set(promised.map(({ owner_id }) => owner_id)),
];

/** The first due message of each of the owner's webhooks that may be called now. */
export async function readCandidates(session: Session, ownerId: string, nowMs: number): Promise<Candidate[]> {
  return session.run(sql<Candidate>`
    SELECT deliveries.id AS deliveryId, webhooks.url AS url, deliveries.due_at AS dueAt
    FROM webhooks JOIN deliveries ON deliveries.id = (
      SELECT first.id FROM deliveries AS first WHERE first.webhook_id = webhooks.id AND first.status = 'pending'
        AND first.due_at <= ${nowMs} ORDER BY first.due_at LIMIT 1)
    WHERE webhooks.owner_id = ${ownerId} AND webhooks.enabled AND webhooks.resumes_at <= ${nowMs}`);
}

/**
 * When the owner's first message to an enabled webhook is due; null if none waits. Milliseconds since 1970.
 */
export async function readNextDue(session: Session, ownerId: string, nowMs: number): Promise<number | null> {
  const [row] = await session.run(sql<{ at: number | null }>`
    SELECT MIN(MAX(webhooks.resumes_at, ${nowMs}, (
      SELECT due_at FROM deliveries WHERE webhook_id = webhooks.id AND status = 'pending'
      ORDER BY due_at LIMIT 1))) AS at
    FROM webhooks WHERE webhooks.owner_id = ${ownerId} AND webhooks.enabled`);
  return row?.at ?? null;
}

export interface DueDelivery {
  id: string;
  webhook_id: string;
  body: string;
  /** The number of this try, from 1. */
  attempts: number;
  url: string;
  secret: string;
  /** Of the request that created the film. */
  traceparent: string | null;
}

/** Reserves those of these messages that are still due. Two concurrent senders reserve different ones. */
export async function takeDeliveries(
  session: Session,
  ids: readonly string[],
  nowMs: number,
): Promise<DueDelivery[]> {
  return session.run(sql<DueDelivery>`
    UPDATE deliveries SET attempts = attempts + 1, due_at = ${nowMs + takeMs}, last_at = ${nowMs}
    WHERE id IN (SELECT value FROM json_each(${JSON.stringify(ids)})) AND status = 'pending'
      AND due_at <= ${nowMs} AND ${isWanted}
    RETURNING id, webhook_id, body, attempts,
      (SELECT url FROM webhooks WHERE webhooks.id = webhook_id) AS url,
      (SELECT secret FROM webhooks WHERE webhooks.id = webhook_id) AS secret,
      (SELECT traceparent FROM jobs WHERE jobs.id = deliveries.job_id) AS traceparent`);
}

/** SQL condition over `deliveries`: the webhook exists and is enabled. */
const isWanted = sql`EXISTS (SELECT 1 FROM webhooks WHERE webhooks.id = deliveries.webhook_id AND enabled)`;

/** Fails every message that waits for one of these webhooks (a list of ids in SQL). */
export const giveUpDeliveries = (webhooks: SQL) => sql`
  UPDATE deliveries SET status = 'failed', error = 'webhook.disabled'
  WHERE webhook_id IN ${webhooks} AND status = 'pending'`;

/** The result of a try. */
export interface Outcome {
  status: "pending" | "delivered" | "failed";
  /** When to try again, if `status` is pending. */
  dueAt: number;
  responseStatus: number | null;
  error: string | null;
  /** The receiver answered 410, so the webhook is disabled. */
  isGone: boolean;
  /** The receiver did not answer in time, so the webhook pauses. */
  isSilent: boolean;
}

/**
 * Stores the result of a try, unless the message was reserved again since. A pending message fails instead if
 * its webhook was disabled meanwhile.
 */
export async function settleDelivery(
  session: Session,
  { id, webhook_id, attempts }: DueDelivery,
  { status, dueAt, responseStatus, error, isGone, isSilent }: Outcome,
  nowMs: number,
): Promise<void> {
  const isGivenUp = sql`(${status} = 'pending' AND NOT ${isWanted})`;
  const pauseMs = sql`MIN(${firstPauseMs} << (2 * MIN(timeouts, 4)), ${longestPauseMs})`;
  await session.batch({
    delivery: sql`
      UPDATE deliveries SET status = IIF(${isGivenUp}, 'failed', ${status}), due_at = ${dueAt},
        response_status = ${responseStatus}, error = IIF(${isGivenUp}, 'webhook.disabled', ${error})
      WHERE id = ${id} AND attempts = ${attempts}`,
    pause: isSilent
      ? sql`UPDATE webhooks SET resumes_at = ${nowMs} + ${pauseMs}, timeouts = timeouts + 1
          WHERE id = ${webhook_id}`
      : sql`UPDATE webhooks SET resumes_at = 0, timeouts = 0 WHERE id = ${webhook_id} AND timeouts > 0`,
    hook: isGone
      ? sql`UPDATE webhooks SET enabled = 0, disabled_reason = 'gone' WHERE id = ${webhook_id}`
      : null,
    givenUp: isGone ? giveUpDeliveries(sql`(${webhook_id})`) : null,
  });
}

/** Webhooks that one sweep reads. */
const hooksPerSweep = 500;

/**
 * The owners with due messages, from the place where the last run stopped. Also fails the messages of
 * disabled or deleted webhooks. Reads one row for each webhook that has messages.
 */
export async function findDueOwners(session: Session, nowMs: number): Promise<string[]> {
  const after = await readMark(session, "webhooks");
  const nextHook = (than: SQL) => sql`(SELECT MIN(webhook_id) FROM deliveries
    WHERE status = 'pending' AND webhook_id > ${than})`;
  const rows = await session.run(
    sql<{ id: string; owner_id: string | null; enabled: number | null; due: number }>`
      WITH RECURSIVE waiting_hooks (id) AS (
        SELECT ${nextHook(sql`${after}`)}
        UNION ALL
        SELECT ${nextHook(sql`waiting_hooks.id`)} FROM waiting_hooks WHERE waiting_hooks.id IS NOT NULL
        LIMIT ${hooksPerSweep}
      )
      SELECT waiting_hooks.id AS id, webhooks.owner_id AS owner_id, webhooks.enabled AS enabled,
        webhooks.resumes_at <= ${nowMs} AND EXISTS (SELECT 1 FROM deliveries
          WHERE webhook_id = waiting_hooks.id AND status = 'pending' AND due_at <= ${nowMs}) AS due
      FROM waiting_hooks LEFT JOIN webhooks ON webhooks.id = waiting_hooks.id
      WHERE waiting_hooks.id IS NOT NULL`,
  );
  const unwanted = JSON.stringify(rows.flatMap(({ id, enabled }) => (enabled === 1 ? [] : [id])));
  const last = rows.length < hooksPerSweep ? "" : (rows.at(-1)?.id ?? "");
  if (last !== after || unwanted !== "[]") {
    await session.batch({
      mark: writeMark("webhooks", last),
      givenUp: giveUpDeliveries(sql`(SELECT value FROM json_each(${unwanted}))`),
    });
  }
  return ownersOf(
    rows.flatMap(({ owner_id, enabled, due }) => (owner_id && enabled && due ? [{ owner_id }] : [])),
  );
}

/** Deletes at most `limit` expired messages. */
export const pruneDeliveries = (nowMs: number, limit: number) => sql`
  DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE created_at <= ${nowMs - limits.deliveryKeepSeconds * 1000} LIMIT ${limit})`;
