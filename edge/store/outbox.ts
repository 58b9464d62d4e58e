/**
 * Messages that must reach the queue. A row promises a message about a queued job: it is written with the job
 * and deleted when a worker claims the job. The request that writes the row also sends the message; if no
 * worker has claimed the job a minute later, the sweep sends another one. So most jobs are written here once
 * and deleted once. A crash between row and send, or between send and mark, costs a delay or a second message
 * and never the job.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Priority } from "../../contract/film.ts";
import type { Session } from "./open.ts";

export interface DueMessage {
  job_id: string;
  priority: Priority;
}

/** A time that never comes, for what waits for something else. Milliseconds since 1970. */
export const neverMs = 8_640_000_000_000_000;
/** When the sweep sends a message about a job that no worker has claimed. Milliseconds after the first. */
export const unclaimedMs = 60_000;
/** How long a sender may hold a reserved row. Milliseconds. */
const takeMs = 60_000;
/** How long a sent message may wait in the queue before another is sent; doubles with each, up to 4 h. */
const firstResendMs = 15 * 60_000;

/**
 * Promises a message for every job that `where` (over `jobs`) finds; the sweep sends it from `dueAtMs` on.
 */
export const promiseMessages = (dueAtMs: number, where: SQL) => sql`
  INSERT INTO outbox (job_id, priority, due_at, sends)
  SELECT jobs.id, jobs.priority, ${dueAtMs}, 0 FROM jobs WHERE ${where}
  ON CONFLICT (job_id) DO NOTHING`;

/**
 * Marks messages as sent that arrive at `atMs`; another is due only if no worker claims the job for a long
 * time.
 */
export async function markSent(session: Session, jobIds: readonly string[], atMs: number): Promise<void> {
  await session.run(sql`
    UPDATE outbox
    SET due_at = ${atMs} + MIN(${firstResendMs} << MIN(sends, 4), ${16 * firstResendMs}), sends = sends + 1
    WHERE job_id IN (SELECT value FROM json_each(${JSON.stringify(jobIds)}))`);
}

/** Reserves at most `limit` due messages. Concurrent calls reserve different ones. */
export async function takeDueMessages(session: Session, nowMs: number, limit: number): Promise<DueMessage[]> {
  return session.run(sql<DueMessage>`
    UPDATE outbox SET due_at = ${nowMs + takeMs}
    WHERE job_id IN (SELECT job_id FROM outbox WHERE due_at <= ${nowMs} ORDER BY due_at LIMIT ${limit})
    RETURNING job_id, priority`);
}

/**
 * Deletes the promises about jobs that ended at `nowMs`. It finds them by their end, so it may follow the
 * change.
 */
export const dropMessagesOfEnded = (nowMs: number) => sql`
  DELETE FROM outbox WHERE job_id IN (SELECT id FROM jobs WHERE ended_at = ${nowMs})`;

/** Deletes the promise of every job that `where` (over `jobs`) finds. */
export const dropPromises = (where: SQL) => sql`
  DELETE FROM outbox WHERE job_id IN (SELECT jobs.id FROM jobs WHERE ${where})`;
