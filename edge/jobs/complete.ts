/** The end of a film's job, as its worker reports it. */
import type { VideoComplete, VideoCompleteAnswer } from "../../contract/completion.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, inspectAttempt, problemOf } from "../store/attempt.ts";
import { endAttempt } from "../store/end-attempt.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { wasEnded, watchedDreams } from "./attempt.ts";
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
  ref: AttemptRef & { dreamId: string; kind: "film" },
  outcome: VideoComplete,
): Promise<VideoCompleteAnswer> {
  if (await holdIfRefused(context, ref, outcome)) return { status: "ok", applied: true, held: true };
  const { before, owners, lifted } = await end(context, ref, outcome);
  const isRepeated = wasEnded(before, ref, outcome.status);
  resumeQueue(context, lifted);
  await afterTransition(context, { dreamIds: watchedDreams(before, context.now()), owners });
  return { status: "ok", applied: !isRepeated };
}

async function end(
  { env, session, now }: JobContext,
  ref: AttemptRef & { dreamId: string },
  outcome: VideoComplete,
) {
  const nowMs = now();
  if (outcome.status === "failed") {
    const { error_code, error, retryable, error_passage: passage, metadata } = outcome;
    const code = error_code ?? "job.failed";
    const failure = { code, message: error ?? "", isRetryable: retryable, passage };
    return endAttempt(
      session,
      ref,
      { status: "failed", ...failure, costUsd: metadata?.cost ?? 0 },
      null,
      nowMs,
    );
  }
  const film = await findFilm(env.MEDIA, ref.dreamId, outcome);
  if ("key" in film) {
    const { metadata, files, size_bytes, sha256, last_report } = outcome;
    const made = { status: "completed" as const, filmKey: film.key, metadata, files, size_bytes, sha256 };
    return endAttempt(session, ref, made, last_report && readReport(ref, last_report), nowMs);
  }
  // An attempt that lost the job gets that problem, not the one that its film is missing.
  const before = await inspectAttempt(session, ref, nowMs);
  if (problemOf(before, ref) !== null) return { before, owners: [], lifted: [] };
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
