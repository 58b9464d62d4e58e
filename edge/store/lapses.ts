/** Lapsed leases: the worker went silent, or the attempt made no progress. */
import { sql } from "drizzle-orm";
import { maxFailedAttempts } from "../../contract/limits.ts";
import { lapseReason, lastLapseMessage } from "./attempt.ts";
import { ownersOf } from "./deliveries.ts";
import type { Session } from "./open.ts";
import { requeueJobs } from "./transitions/change-jobs.ts";
import { endJobs } from "./transitions/end-job.ts";

/**
 * The numbers of requeued and failed jobs, their dreams, and the owners whose webhooks have a message about
 * it.
 */
export interface Requeued {
  requeued: number;
  failed: number;
  dreamIds: string[];
  owners: string[];
}

/**
 * Requeues at most `limit` jobs whose lease has lapsed, and fails at most as many that have no attempt left.
 * Concurrent calls are safe: each job changes once.
 */
export async function requeueLapsed(session: Session, nowMs: number, limit: number): Promise<Requeued> {
  const lapsed = sql`jobs.id IN (SELECT id FROM jobs WHERE status = 'processing' AND lease_expires_at <= ${nowMs}
    ORDER BY lease_expires_at, id LIMIT ${limit})`;
  const isLast = sql`(jobs.failed_attempts + 1 >= ${maxFailedAttempts})`;
  const { end, requeue } = await session.batch({
    end: endJobs(
      sql`${lapsed} AND ${isLast}`,
      {
        status: "failed",
        code: "job.attempts_exhausted",
        message: lastLapseMessage(nowMs),
        isRetryable: true,
        isFailedAttempt: true,
      },
      nowMs,
    ),
    requeue: requeueJobs(
      sql`${lapsed} AND NOT ${isLast}`,
      { reason: lapseReason(nowMs), delaySeconds: 0, isFailedAttempt: true, messageAtMs: nowMs },
      nowMs,
    ),
  });
  return {
    requeued: requeue.jobs.length,
    failed: end.jobs.length,
    dreamIds: [...end.jobs, ...requeue.jobs].map(({ dream_id }) => dream_id),
    owners: ownersOf(end.deliveries),
  };
}

/** When the first of all leases ends or ended; null if no job is held. Milliseconds since 1970. */
export async function readNextLapse(session: Session): Promise<number | null> {
  const rows = await session.run(sql<{ at: number }>`
    SELECT lease_expires_at AS at FROM jobs WHERE status = 'processing' AND lease_expires_at IS NOT NULL
    ORDER BY lease_expires_at LIMIT 1`);
  return rows[0]?.at ?? null;
}
