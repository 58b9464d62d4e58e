import { sql } from "drizzle-orm";
import { maxFailedAttempts } from "../../contract/limits.ts";
import { closeCharges, freeReservations, spentOnJob } from "./charges.ts";
import { ownersOf, promiseDeliveries } from "./deliveries.ts";
import { appendEvent, type NewEvent } from "./events.ts";
import { lapseReason, lastLapseMessage } from "./leases.ts";
import type { Session } from "./open.ts";
import { promiseMessages } from "./outbox.ts";

/** How many jobs were taken back, of which dreams, and the owners whose webhooks have a message about it. */
export interface TakenBack {
  requeued: number;
  failed: number;
  dreamIds: string[];
  owners: string[];
}

/**
 * Takes back at most `limit` jobs whose lease has lapsed, because the holder fell silent or got nowhere: to the queue
 * again, or failed where it was the last attempt that may. Any number may run at once: each job is taken back once.
 */
export async function takeBackLapsed(session: Session, nowMs: number, limit: number): Promise<TakenBack> {
  const lapsed = sql`jobs.id IN (SELECT id FROM jobs WHERE status = 'processing' AND lease_expires_at <= ${nowMs}
    ORDER BY lease_expires_at, id LIMIT ${limit})`;
  const isLast = sql`(jobs.failed_attempts + 1 >= ${maxFailedAttempts})`;
  const message = lastLapseMessage(nowMs);
  const event: NewEvent = {
    type: sql`IIF(${isLast}, 'job.failed', 'job.retrying')`,
    data: sql`IIF(${isLast},
      json_object('code', 'job.attempts_exhausted', 'message', ${message}, 'retryable', json('true')),
      json_object('attempt', jobs.attempt, 'reason', ${lapseReason(nowMs)}, 'delay_seconds', 0))`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  const { deliveries, jobs } = await session.batch({
    deliveries: promiseDeliveries(event, nowMs, lapsed),
    event: appendEvent(event, nowMs, lapsed),
    dream: sql`
      UPDATE dreams SET video_status = IIF(${isLast}, 'failed', 'queued'),
        video_completed_at = IIF(${isLast}, ${nowMs}, NULL)
      FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${lapsed}`,
    charges: closeCharges(sql`${lapsed} AND ${isLast}`, nowMs),
    reservations: freeReservations(lapsed, nowMs),
    messages: promiseMessages(nowMs, sql`${lapsed} AND NOT ${isLast}`),
    jobs: sql<{ status: string; dream_id: string }>`
      UPDATE jobs SET
        status = IIF(${isLast}, 'failed', 'queued'), stage = IIF(${isLast}, stage, 'queued'),
        failed_attempts = failed_attempts + 1,
        cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}),
        claim_id = NULL, worker_id = NULL, lease_expires_at = NULL,
        error_code = IIF(${isLast}, 'job.attempts_exhausted', NULL),
        error_message = IIF(${isLast}, ${message}, NULL),
        error_retryable = IIF(${isLast}, 1, NULL),
        ended_at = IIF(${isLast}, ${nowMs}, NULL)
      WHERE ${lapsed} RETURNING status, dream_id`,
  });
  const failed = jobs.filter(({ status }) => status === "failed").length;
  return {
    requeued: jobs.length - failed,
    failed,
    dreamIds: jobs.map(({ dream_id }) => dream_id),
    owners: ownersOf(deliveries),
  };
}

/** When the first of all leases ends, or ended; null where no job is held. */
export async function readNextLapse(session: Session): Promise<number | null> {
  const rows = await session.run(sql<{ at: number }>`
    SELECT lease_expires_at AS at FROM jobs WHERE status = 'processing' AND lease_expires_at IS NOT NULL
    ORDER BY lease_expires_at LIMIT 1`);
  return rows[0]?.at ?? null;
}
