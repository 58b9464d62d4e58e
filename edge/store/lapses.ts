/**
 * Lapsed leases: the worker went silent, or the attempt made no progress. A worker whose process has ended
 * loses its leases at once.
 */
import { sql } from "drizzle-orm";
import { leaseSeconds, maxFailedAttempts } from "../../contract/limits.ts";
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

/** A worker whose presence connection ended, and when. */
export interface GoneWorker {
  workerId: string;
  sinceMs: number;
}

/**
 * Requeues at most `limit` jobs whose lease has lapsed, and fails at most as many that have no attempt left.
 * Concurrent calls are safe: each job changes once.
 *
 * @param gone workers whose leases end now, except of jobs that were claimed or reported since. A new process
 *   may have the same id, and a process that lost only its connection reports its jobs
 */
export async function requeueLapsed(
  session: Session,
  nowMs: number,
  limit: number,
  gone: readonly GoneWorker[] = [],
): Promise<Requeued> {
  const lapsed = sql`jobs.id IN (SELECT id FROM jobs WHERE status = 'processing' AND lease_expires_at <= ${nowMs}
    ORDER BY lease_expires_at, id LIMIT ${limit})`;
  const isLast = sql`(jobs.failed_attempts + 1 >= ${maxFailedAttempts})`;
  const { end, requeue } = await session.batch({
    gone: gone.length === 0 ? null : endLeases(gone, nowMs),
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

/** Ends the leases of workers that are gone, which then no longer count as running. */
function endLeases(gone: readonly GoneWorker[], nowMs: number) {
  const lines = JSON.stringify(
    gone.map(({ workerId, sinceMs }) => ({ workerId, sinceMs, leaseMs: sinceMs + leaseSeconds * 1000 })),
  );
  return {
    leases: sql`
      UPDATE jobs SET lease_expires_at = MIN(lease_expires_at, ${nowMs}) WHERE status = 'processing'
        AND id IN (SELECT held.id FROM json_each(${lines}) AS line CROSS JOIN jobs AS held
          WHERE held.status = 'processing' AND held.lease_expires_at <= line.value ->> '$.leaseMs'
            AND held.worker_id = line.value ->> '$.workerId')`,
    workers: sql`
      UPDATE workers SET gone_at = ${nowMs} FROM json_each(${lines}) AS line
      WHERE workers.id = line.value ->> '$.workerId' AND workers.seen_at <= line.value ->> '$.sinceMs'`,
  };
}

/** When the first of all leases ends or ended; null if no job is held. Milliseconds since 1970. */
export async function readNextLapse(session: Session): Promise<number | null> {
  const rows = await session.run(sql<{ at: number }>`
    SELECT lease_expires_at AS at FROM jobs WHERE status = 'processing' AND lease_expires_at IS NOT NULL
    ORDER BY lease_expires_at LIMIT 1`);
  return rows[0]?.at ?? null;
}
