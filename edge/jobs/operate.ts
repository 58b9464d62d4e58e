/** What operators may do to the jobs of any owner. */
import { isTerminal } from "../../contract/job.ts";
import type { OpsRedrive } from "../../contract/ops-acts.ts";
import { ApiError } from "../errors/api-error.ts";
import { cancelAnyJob } from "../store/cancel.ts";
import { readStory } from "../store/ops.ts";
import { redriveJobs, retryJob as retryInStore } from "../store/ops-acts.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";

/**
 * Ends the job. A cancelled job may be cancelled again.
 *
 * @throws ApiError `job.not_found`; `job.finished` if it has already ended otherwise
 */
export async function cancelJob(context: JobContext, jobId: string): Promise<void> {
  const cancelled = await cancelAnyJob(context.session, jobId, context.now());
  const story = await readStory(context.session, jobId);
  if (story === undefined) throw new ApiError("job.not_found");
  if (story.job.status !== "cancelled") throw new ApiError("job.finished");
  await afterTransition(context, { dreamIds: [story.job.dream_id], ...cancelled });
}

/**
 * Creates the job `newId` with the text and options of a failed, cancelled or expired job that is its dream's
 * newest.
 *
 * @throws ApiError `job.not_found`; `job.active`; `job.finished` if the job has a film or is not the newest
 */
export async function retryJob(context: JobContext, jobId: string, newId: string): Promise<void> {
  const after = await retryInStore(context.session, jobId, newId, context.now());
  if (after === undefined) throw new ApiError("job.not_found");
  if (!after.made) {
    if (!isTerminal(after.status)) throw new ApiError("job.active");
    throw new ApiError("job.finished", { detail: "The job has a film, or the dream has a newer job." });
  }
  await afterTransition(context, { dreamIds: [after.dream_id], message: "due" });
}

/** Sends new messages for waiting jobs, and gives their number. */
export async function redrive(context: JobContext, which: OpsRedrive): Promise<number> {
  const redriven = await redriveJobs(context.session, which, context.now());
  if (redriven > 0) await afterTransition(context, { dreamIds: [], message: "due" });
  return redriven;
}
