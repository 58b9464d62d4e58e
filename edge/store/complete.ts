import type { VideoComplete } from "../../contract/internal.ts";
import { type AttemptRef, type AttemptState, holdsJob, selectState } from "./attempt.ts";
import { ownersOf } from "./deliveries.ts";
import { liftedBy } from "./holds.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { type ReadReport, storeReport } from "./progress.ts";
import { endJobs, type JobEnd } from "./transitions/end-job.ts";

/** The state before the batch, and the owners whose webhooks have a message about the end. */
export interface Ended {
  before: AttemptState;
  owners: string[];
  /** The capabilities whose jobs are held no longer: the last report says that a purchase succeeded. */
  lifted: string[];
}

/**
 * Completes the job once, if the attempt holds it. `filmKey`: the film's key in R2. `lastReport`: stored
 * before the end.
 */
export const completeJob = (
  session: Session,
  ref: AttemptRef,
  { metadata, files, size_bytes, sha256 }: VideoComplete,
  filmKey: string,
  lastReport: ReadReport | null,
  nowMs: number,
): Promise<Ended> => {
  const how = { status: "completed" as const, filmKey, metadata, files, size_bytes, sha256 };
  return endJob(session, ref, how, nowMs, lastReport);
};

/** Fails the job, if the attempt holds it. */
export const failJob = (
  session: Session,
  ref: AttemptRef,
  failure: { code: string; message: string; isRetryable: boolean; costUsd: number },
  nowMs: number,
): Promise<Ended> => endJob(session, ref, { status: "failed", ...failure }, nowMs);

async function endJob(
  session: Session,
  ref: AttemptRef,
  how: JobEnd,
  nowMs: number,
  lastReport: ReadReport | null = null,
): Promise<Ended> {
  const { before, end, last } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    last: lastReport && storeReport(ref, lastReport, nowMs),
    end: endJobs(holdsJob(ref), how, nowMs),
  });
  const lifted = Array.isArray(last) ? [] : liftedBy(last.holds);
  return { before: firstOf(before), owners: ownersOf(end.deliveries), lifted };
}
