import { sql } from "drizzle-orm";
import type { Priority } from "../../contract/film.ts";
import type { ReleaseRequest } from "../../contract/internal.ts";
import { maxFailedAttempts, patienceSeconds } from "../../contract/limits.ts";
import { closeCharges, freeReservations, spentOnJob } from "./charges.ts";
import { ownersOf, promiseDeliveries } from "./deliveries.ts";
import { appendEvent, type NewEvent } from "./events.ts";
import { type Hold, holds, readStanding, type Standing } from "./hold.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { promiseMessages, takeMs } from "./outbox.ts";

/**
 * Ends the attempt without ending the job: back to the queue, with the promise of a new message; or failed, where this
 * was the last attempt that may fail. Answers what stood before and, if the attempt held, the job as it is now.
 */
export async function releaseJob(
  session: Session,
  hold: Hold,
  request: ReleaseRequest,
  nowMs: number,
): Promise<{ before: Standing; requeuedAs: Priority | null; owners: string[] }> {
  const failures = request.reason === "error" ? 1 : 0;
  // An outage costs no attempt, but no job waits for its end for ever.
  const isTooOld = sql`(${request.reason} = 'outage' AND jobs.created_at <= ${nowMs - patienceSeconds * 1000})`;
  const isLast = sql`(${isTooOld} OR (${failures} = 1 AND jobs.failed_attempts + 1 >= ${maxFailedAttempts}))`;
  const [code, message] =
    request.reason === "outage"
      ? [request.code, request.message]
      : ["job.attempts_exhausted", exhausted(request)];
  const held = holds(hold);
  const event: NewEvent = {
    type: sql`IIF(${isLast}, 'job.failed', 'job.retrying')`,
    data: sql`IIF(${isLast},
      json_object('code', ${code}, 'message', ${message}, 'retryable', json('true')),
      json_object('attempt', jobs.attempt, 'reason', ${request.code}, 'delay_seconds', ${request.delay_seconds}))`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  const { before, deliveries, after } = await session.batch({
    nonce: takeNonce(hold.nonce, nowMs),
    before: readStanding(hold),
    deliveries: promiseDeliveries(event, nowMs, held),
    event: appendEvent(event, nowMs, held),
    dream: sql`
      UPDATE dreams SET video_status = IIF(${isLast}, 'failed', 'queued'),
        video_completed_at = IIF(${isLast}, ${nowMs}, NULL)
      FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${held}`,
    charges: closeCharges(sql`${held} AND ${isLast}`, nowMs),
    reservations: freeReservations(held, nowMs),
    message: promiseMessages(nowMs + takeMs, sql`${held} AND NOT ${isLast}`),
    job: sql`
      UPDATE jobs SET
        status = IIF(${isLast}, 'failed', 'queued'), stage = IIF(${isLast}, stage, 'queued'),
        failed_attempts = failed_attempts + ${failures}, ready_at = ${nowMs + request.delay_seconds * 1000},
        cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}),
        claim_id = NULL, worker_id = NULL, lease_expires_at = NULL,
        error_code = IIF(${isLast}, ${code}, NULL),
        error_message = IIF(${isLast}, ${message}, NULL),
        error_retryable = IIF(${isLast}, 1, NULL),
        ended_at = IIF(${isLast}, ${nowMs}, NULL)
      WHERE ${held}`,
    after: sql<{ priority: Priority; status: string }>`
      SELECT priority, status FROM jobs WHERE id = ${hold.jobId}`,
  });
  const [now] = after;
  return {
    before: firstOf(before),
    requeuedAs: now?.status === "queued" ? now.priority : null,
    owners: ownersOf(deliveries),
  };
}

const exhausted = (request: ReleaseRequest) =>
  `The last of ${maxFailedAttempts} attempts failed: ${request.code}: ${request.message}`;
