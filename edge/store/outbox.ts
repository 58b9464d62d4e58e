/**
 * Messages that must reach the queue. A row is a queued job's promise that a message about it is on its way: written
 * with the job, gone when a worker has claimed it. Whoever sends takes the row for a minute first, so a crash between
 * the row and the send, or between the send and the mark, costs a delay or a second message and never the job.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Priority } from "../../contract/film.ts";
import type { Session } from "./open.ts";

export interface DueMessage {
  job_id: string;
  priority: Priority;
}

/** How long a sender that took a row has for the send. */
export const takeMs = 60_000;
/** How long a message that was sent may wait in the queue before another is sent; doubles with each, to at most 4 h. */
const patienceMs = 15 * 60_000;

/** Promises a message for every job that `where` (over `jobs`) finds; the sweep sends it once `dueAtMs` has come. */
export const promiseMessages = (dueAtMs: number, where: SQL) => sql`
  INSERT INTO outbox (job_id, priority, due_at, sends)
  SELECT jobs.id, jobs.priority, ${dueAtMs}, 0 FROM jobs WHERE ${where}
  ON CONFLICT (job_id) DO NOTHING`;

/** Notes that messages went out which arrive at `atMs`; the next is due only if nobody claims the job for long. */
export async function markSent(session: Session, jobIds: readonly string[], atMs: number): Promise<void> {
  await session.run(sql`
    UPDATE outbox
    SET due_at = ${atMs} + MIN(${patienceMs} << MIN(sends, 4), ${16 * patienceMs}), sends = sends + 1
    WHERE job_id IN (SELECT value FROM json_each(${JSON.stringify(jobIds)}))`);
}

/** Takes at most `limit` promises whose time has come. Two that run at once take different ones. */
export async function takeDueMessages(session: Session, nowMs: number, limit: number): Promise<DueMessage[]> {
  return session.run(sql<DueMessage>`
    UPDATE outbox SET due_at = ${nowMs + takeMs}
    WHERE job_id IN (SELECT job_id FROM outbox WHERE due_at <= ${nowMs} ORDER BY due_at LIMIT ${limit})
    RETURNING job_id, priority`);
}

/** Drops the promises about jobs that ended at `nowMs`. Found by the end, so it may follow the change. */
export const dropMessagesOfEnded = (nowMs: number) => sql`
  DELETE FROM outbox WHERE job_id IN (SELECT id FROM jobs WHERE ended_at = ${nowMs})`;

/** Drops the promise of every job that `where` (over `jobs`) finds. */
export const dropPromises = (where: SQL) => sql`
  DELETE FROM outbox WHERE job_id IN (SELECT jobs.id FROM jobs WHERE ${where})`;
