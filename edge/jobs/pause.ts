import type { PauseReport } from "../../contract/approval.ts";
import type { VideoCompleteAnswer } from "../../contract/internal.ts";
import type { AttemptRef } from "../store/attempt.ts";
import { pauseAttempt } from "../store/write-attempt.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { readReport, wasEnded, watchedDreams } from "./attempt.ts";
import { resumeQueue } from "./hold.ts";

/**
 * Lets the job wait for its owner's approval, as its worker reports. A repeated report of the attempt that
 * paused the job changes nothing.
 *
 * @throws ApiError `job.fenced`, `job.finished`, `job.cancelled` or `job.not_found` if the attempt does not
 *   hold the job
 */
export async function pause(
  context: JobContext,
  ref: AttemptRef,
  { at, storyboard, last_report }: PauseReport,
): Promise<VideoCompleteAnswer> {
  const { session, now } = context;
  const report = last_report && readReport(ref, last_report);
  const { before, owners, lifted } = await pauseAttempt(session, ref, { at, storyboard }, report, now());
  const isRepeated = wasEnded(before, ref, "waiting");
  resumeQueue(context, lifted);
  await afterTransition(context, { dreamIds: watchedDreams(before, now()), owners });
  return { status: "ok", applied: !isRepeated };
}
