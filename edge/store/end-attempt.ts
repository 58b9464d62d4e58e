/** The end of an attempt that holds its job: the job ends, or it waits for its owner. */
import type { AttemptRef, AttemptState } from "./attempt.ts";
import { holdsJob, selectState } from "./attempt.ts";
import { ownersOf } from "./deliveries.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { type ReadReport, readStored, storeReport } from "./report.ts";
import { endJobs, type JobEnd } from "./transitions/end-job.ts";
import { type Pause, pauseJobs } from "./transitions/pause-jobs.ts";

/**
 * Ends the job once, if the attempt holds it, after `lastReport` is stored. Gives the state before, the
 * owners whose webhooks have a message about the end, and the capabilities whose jobs are held no longer,
 * because the last report says that a purchase succeeded.
 */
export async function endAttempt(
  session: Session,
  ref: AttemptRef,
  end: JobEnd,
  lastReport: ReadReport | null,
  nowMs: number,
): Promise<{ before: AttemptState; owners: string[]; lifted: string[] }> {
  const { before, last, ended } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    last: lastReport && storeReport(ref, lastReport, nowMs),
    ended: endJobs(holdsJob(ref), end, nowMs),
  });
  const lifted = Array.isArray(last) ? [] : readStored(last, nowMs).lifted;
  return { before: firstOf(before), owners: ownersOf(ended.deliveries), lifted };
}

/**
 * Ends the attempt, if it holds the job, so that the job waits for its owner's approval. Gives the state
 * before, and the owners whose webhooks have a message about it.
 */
export async function pauseAttempt(
  session: Session,
  ref: AttemptRef,
  pause: Pause,
  nowMs: number,
): Promise<{ before: AttemptState; owners: string[] }> {
  const { before, paused } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    paused: pauseJobs(holdsJob(ref), pause, nowMs),
  });
  return { before: firstOf(before), owners: ownersOf(paused.deliveries) };
}
