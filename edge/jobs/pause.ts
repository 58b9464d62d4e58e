import type { PauseReport } from "../../contract/approval.ts";
import type { VideoCompleteAnswer } from "../../contract/completion.ts";
import type { AttemptRef } from "../store/attempt.ts";
import { pauseAttempt } from "../store/end-attempt.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { wasEnded, watchedDreams } from "./attempt.ts";

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
  { at, storyboard, refused }: PauseReport,
): Promise<VideoCompleteAnswer> {
  const { session, now } = context;
  const { before, owners } = await pauseAttempt(session, ref, { at, storyboard, refused }, now());
  const isRepeated = wasEnded(before, ref, "waiting");
  await afterTransition(context, { dreamIds: watchedDreams(before, now()), owners });
  return { status: "ok", applied: !isRepeated };
}
