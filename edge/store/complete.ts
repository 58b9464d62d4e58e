import type { VideoComplete } from "../../contract/internal.ts";
import { type AttemptRef, type AttemptState, holdsJob, selectState } from "./attempt.ts";
import { ownersOf } from "./deliveries.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { endJobs, type JobEnd } from "./transitions/end-job.ts";

/** The state before the batch, and the owners whose webhooks have a message about the end. */
export interface Ended {
  before: AttemptState;
  owners: string[];
}

/** Completes the job once, if the attempt holds it. `filmKey` is the film's key in R2. */
export const completeJob = (
  session: Session,
  ref: AttemptRef,
  { metadata, files, size_bytes, sha256 }: VideoComplete,
  filmKey: string,
  nowMs: number,
): Promise<Ended> =>
  endJob(session, ref, { status: "completed", filmKey, metadata, files, size_bytes, sha256 }, nowMs);

/** Fails the job, if the attempt holds it. */
export const failJob = (
  session: Session,
  ref: AttemptRef,
  failure: { code: string; message: string; isRetryable: boolean; costUsd: number },
  nowMs: number,
): Promise<Ended> => endJob(session, ref, { status: "failed", ...failure }, nowMs);

async function endJob(session: Session, ref: AttemptRef, how: JobEnd, nowMs: number): Promise<Ended> {
  const { before, end } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    end: endJobs(holdsJob(ref), how, nowMs),
  });
  return { before: firstOf(before), owners: ownersOf(end.deliveries) };
}
