/**
 * Messages that their queue has given up on. Each is stored under its id, in the same batch as what it
 * causes: a message that arrives twice does nothing the second time, and operators can read it.
 */
import { sql } from "drizzle-orm";
import { limits, maxRedrives } from "../../contract/limits.ts";
import type { DeadLetterOutcome } from "../../db/schema.ts";
import { ownersOf } from "./deliveries.ts";
import type { Session } from "./open.ts";
import { endJobs } from "./transitions/end-job.ts";

export interface DeadLetter {
  /** The id of the message. */
  id: string;
  /** Null: the message does not contain a job id. */
  jobId: string | null;
  /** The start of its text. */
  excerpt: string;
}

const reason = `No worker took the job: its message was given up ${maxRedrives + 1} times.`;

/**
 * Handles one dead message: a waiting job gets a new message that is due at once, or fails if that has
 * happened too often. Any other job needs nothing. Gives what was done (null: the message was handled
 * before), the dream of a failed job, and the owners whose webhooks have a message about it.
 */
export async function settleDeadLetter(
  session: Session,
  { id, jobId, excerpt }: DeadLetter,
  nowMs: number,
): Promise<{ outcome: DeadLetterOutcome | null; owners: string[]; dreamIds: string[] }> {
  const waits = sql`jobs.id = ${jobId} AND jobs.status = 'queued'
    AND NOT EXISTS (SELECT 1 FROM dead_letters WHERE dead_letters.id = ${id})`;
  const isSpent = sql`EXISTS (SELECT 1 FROM outbox WHERE outbox.job_id = jobs.id AND redrives >= ${maxRedrives})`;
  const fails = sql`${waits} AND ${isSpent}`;
  const { end, letter } = await session.batch({
    end: endJobs(
      fails,
      { status: "failed", code: "job.undeliverable", message: reason, isRetryable: true },
      nowMs,
    ),
    // Failed jobs no longer wait, so the rest gets new messages.
    message: sql`
      INSERT INTO outbox (job_id, priority, due_at, sends, redrives)
      SELECT jobs.id, jobs.priority, ${nowMs}, 0, 1 FROM jobs WHERE ${waits}
      ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at, sends = 0, redrives = redrives + 1`,
    letter: sql<{ outcome: DeadLetterOutcome }>`
      INSERT INTO dead_letters (id, job_id, outcome, excerpt, at)
      SELECT ${id}, ${jobId}, CASE
        WHEN ${jobId} IS NULL THEN 'unreadable'
        ELSE COALESCE((SELECT CASE
          WHEN jobs.status = 'queued' THEN 'redriven'
          WHEN jobs.error_code = 'job.undeliverable' AND jobs.ended_at = ${nowMs} THEN 'failed'
          ELSE 'settled' END FROM jobs WHERE jobs.id = ${jobId}), 'unknown') END, ${excerpt}, ${nowMs}
      WHERE TRUE ON CONFLICT (id) DO NOTHING RETURNING outcome`,
  });
  return {
    outcome: letter[0]?.outcome ?? null,
    owners: ownersOf(end.deliveries),
    dreamIds: end.jobs.map(({ dream_id }) => dream_id),
  };
}

/** The newest dead messages, newest first; at most `limit`. */
export async function listDeadLetters(session: Session, limit: number) {
  return session.run(sql<{
    id: string;
    job_id: string | null;
    outcome: DeadLetterOutcome;
    excerpt: string;
    at: number;
  }>`
    SELECT id, job_id, outcome, excerpt, at FROM dead_letters ORDER BY at DESC LIMIT ${limit}`);
}

/** Deletes expired dead messages and all but the newest, so that a flood of them cannot fill the database. */
export function pruneDeadLetters(nowMs: number, limit: number) {
  const since = nowMs - limits.deadLetterKeepSeconds * 1000;
  return sql`
    DELETE FROM dead_letters WHERE id IN (
      SELECT id FROM dead_letters
      WHERE at <= COALESCE(
        (SELECT at FROM dead_letters WHERE at > ${since} ORDER BY at DESC LIMIT 1 OFFSET ${limits.deadLetters}), ${since})
      LIMIT ${limit})`;
}
