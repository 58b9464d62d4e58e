import type { VideoComplete, VideoCompleteAnswer } from "../../contract/internal.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, inspectAttempt, problemOf } from "../store/attempt.ts";
import { completeJob, type Ended, failJob } from "../store/complete.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { holdIfRefused, resumeQueue } from "./hold.ts";
import { readReport } from "./report-progress.ts";

/**
 * Ends the job as the worker reports: completed with a stored film, or failed. It happens exactly once; a
 * repeated report of the attempt that ended the job changes nothing. If it failed because an AI provider
 * refuses every call, the job does not end: it is requeued and held.
 *
 * @throws ApiError `job.fenced`, `job.finished`, `job.cancelled` or `job.not_found` if the attempt does not
 *   hold the job; `request.invalid` if the film is not where it must be
 */
export async function complete(
  context: JobContext,
  ref: AttemptRef & { dreamId: string },
  outcome: VideoComplete,
): Promise<VideoCompleteAnswer> {
  if (await holdIfRefused(context, ref, outcome)) return { status: "ok", applied: true, held: true };
  const { before, owners, lifted } = await end(context, ref, outcome);
  const isRepeated =
    before.fresh &&
    before.status === outcome.status &&
    before.attempt === ref.attempt &&
    before.kind === "film";
  const problem = isRepeated ? null : problemOf(before, ref);
  if (problem !== null) throw new ApiError(problem);
  resumeQueue(context, lifted);
  await afterTransition(context, { dreamIds: [ref.dreamId], owners });
  return { status: "ok", applied: !isRepeated };
}

async function end(
  { env, session, now }: JobContext,
  ref: AttemptRef & { dreamId: string },
  outcome: VideoComplete,
): Promise<Ended> {
  const nowMs = now();
  if (outcome.status === "failed") {
    const failure = {
      code: outcome.error_code ?? "job.failed",
      message: outcome.error ?? "",
      isRetryable: outcome.retryable,
      costUsd: outcome.metadata?.cost ?? 0,
    };
    return failJob(session, ref, failure, nowMs);
  }
  const film = await findFilm(env.MEDIA, ref.dreamId, outcome);
  if ("key" in film) {
    const lastReport = outcome.last_report && readReport(ref, outcome.last_report);
    return completeJob(session, ref, outcome, film.key, lastReport, nowMs);
  }
  // An attempt that lost the job gets that problem, not the one that its film is missing.
  const state = await inspectAttempt(session, ref, nowMs);
  if (problemOf(state, ref) !== null) return { before: state, owners: [], lifted: [] };
  throw new ApiError("request.invalid", { errors: [film] });
}

/**
 * The key of the attempt's film, or the fault if it is not where it must be or not as large as the worker
 * says.
 */
async function findFilm(
  media: R2Bucket,
  dreamId: string,
  { job_id, attempt, video_url, size_bytes }: VideoComplete,
): Promise<{ key: string } | { pointer: string; detail: string }> {
  const expected = new URL(filmUrl("https://edge.invalid", dreamId, job_id, attempt)).pathname;
  if (video_url === null || !URL.canParse(video_url) || new URL(video_url).pathname !== expected) {
    return { pointer: "/video_url", detail: `must be the attempt's own film, ${expected}` };
  }
  const key = filmKey(dreamId, job_id, attempt, "film.mp4");
  const film = await media.head(key);
  if (film === null) return { pointer: "/video_url", detail: "there is no such film in storage" };
  if (size_bytes !== null && film.size !== size_bytes) {
    return { pointer: "/size_bytes", detail: `the film in storage has ${film.size} bytes` };
  }
  return { key };
}
