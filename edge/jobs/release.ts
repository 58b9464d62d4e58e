/** A worker hands its job back. */
import type { ReleaseRequest } from "../../contract/completion.ts";
import type { AttemptRef } from "../store/attempt.ts";
import { releaseJob } from "../store/release.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { requireHeld, watchedDreams } from "./attempt.ts";

/**
 * Requeues the job of a worker that cannot continue, and sends a new message; the worker then acks its own.
 *
 * @throws ApiError `job.fenced`, `job.finished` or `job.cancelled` if the attempt no longer holds the job
 */
export async function release(context: JobContext, ref: AttemptRef, request: ReleaseRequest): Promise<void> {
  const { before, requeuedAs, owners } = await releaseJob(context.session, ref, request, context.now());
  requireHeld(before, ref);
  const delaySeconds = request.delay_seconds;
  await afterTransition(context, {
    dreamIds: watchedDreams(before, context.now()),
    owners,
    message: requeuedAs && { jobId: ref.jobId, priority: requeuedAs, delaySeconds },
  });
}
