import type { ReleaseRequest } from "../../contract/internal.ts";
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, problemOf } from "../store/attempt.ts";
import { releaseJob } from "../store/release.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";

/**
 * Requeues the job of a worker that cannot continue, and sends a new message; the worker then acks its own.
 *
 * @throws ApiError `job.fenced`, `job.finished` or `job.cancelled` if the attempt no longer holds the job
 */
export async function release(context: JobContext, ref: AttemptRef, request: ReleaseRequest): Promise<void> {
  const { before, requeuedAs, owners } = await releaseJob(context.session, ref, request, context.now());
  const problem = problemOf(before, ref);
  if (problem !== null) throw new ApiError(problem);
  await afterTransition(context, {
    dreamIds: before.dream_id === null ? [] : [before.dream_id],
    owners,
    message: requeuedAs && {
      jobId: ref.jobId,
      priority: requeuedAs,
      delaySeconds: request.delay_seconds,
    },
  });
}
