import { sql } from "drizzle-orm";
import type { ReleaseRequest } from "../../contract/completion.ts";
import type { Priority } from "../../contract/film.ts";
import { maxFailedAttempts, outageRetryWindowSeconds } from "../../contract/limits.ts";
import { type AttemptRef, type AttemptState, holdsJob, selectState } from "./attempt.ts";
import { ownersOf } from "./deliveries.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { unclaimedMs } from "./outbox.ts";
import { requeueJobs } from "./transitions/change-jobs.ts";
import { endJobs } from "./transitions/end-job.ts";

/**
 * Ends the attempt and not the job: the job is requeued with a new message, or it fails if no attempt is
 * left. Gives the state before and, if the job was requeued, its queue.
 */
export async function releaseJob(
  session: Session,
  ref: AttemptRef,
  request: ReleaseRequest,
  nowMs: number,
): Promise<{ before: AttemptState; requeuedAs: Priority | null; owners: string[] }> {
  const isFailedAttempt = request.reason === "error";
  const isOutage = request.reason === "outage";
  // An outage costs no attempt, but a job does not wait for its end for ever. The time of a hold does not
  // count.
  const isLast = isOutage
    ? sql`(MAX(jobs.created_at, COALESCE(jobs.approved_at, 0), COALESCE((SELECT MAX(lifted_at) FROM holds WHERE capability > ''), 0))
        <= ${nowMs - outageRetryWindowSeconds * 1000})`
    : sql`(${Number(isFailedAttempt)} = 1 AND jobs.failed_attempts + 1 >= ${maxFailedAttempts})`;
  const held = holdsJob(ref);
  const failure = isOutage
    ? { code: request.code, message: request.message }
    : { code: "job.attempts_exhausted", message: exhausted(request) };
  const { before, end, requeue } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    end: endJobs(
      sql`${held} AND ${isLast}`,
      { status: "failed", ...failure, isRetryable: true, isFailedAttempt },
      nowMs,
    ),
    requeue: requeueJobs(
      sql`${held} AND NOT ${isLast}`,
      {
        reason: request.code,
        delaySeconds: request.delay_seconds,
        isFailedAttempt,
        messageAtMs: nowMs + unclaimedMs,
      },
      nowMs,
    ),
  });
  return {
    before: firstOf(before),
    requeuedAs: requeue.jobs[0]?.priority ?? null,
    owners: ownersOf(end.deliveries),
  };
}

const exhausted = (request: ReleaseRequest) =>
  `The last of ${maxFailedAttempts} attempts failed: ${request.code}: ${request.message}`;
