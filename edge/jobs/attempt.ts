/**
 * An attempt at a job, as its worker reports it: claimed, in progress, released or ended. A call of an
 * attempt that has lost the job changes nothing, and so does a repeated call. Purchases are in
 * claim-charges.ts.
 */
import type { ClaimAnswer, ClaimedJob } from "../../contract/claim.ts";
import type { ReleaseRequest, VideoComplete, VideoCompleteAnswer } from "../../contract/completion.ts";
import { leaseSeconds } from "../../contract/limits.ts";
import type { LastReport, ProgressAnswer, ProgressReport } from "../../contract/report.ts";
import { filmKey, filmUrl, photoKey, recordingKey } from "../../contract/storage.ts";
import { notifyChannel } from "../channel/notify.ts";
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, type AttemptState, inspectAttempt, problemOf } from "../store/attempt.ts";
import type { StoredPhoto } from "../store/cast-photos.ts";
import { hashKey } from "../store/keys.ts";
import type { Nonce } from "../store/nonces.ts";
import { releaseJob } from "../store/release.ts";
import type { JobInput } from "../store/request-film.ts";
import type { TranscriptionInput } from "../store/segments/post-segment.ts";
import type { TakesInput } from "../store/takes.ts";
import { type Claim, claimJob, endAttempt, type ReadReport, recordProgress } from "../store/write-attempt.ts";
import { afterTransition, type JobContext } from "./after-transition.ts";
import { holdIfRefused, resumeQueue } from "./hold.ts";
import { watchLease } from "./watch-lease.ts";

/**
 * Gives a job to the worker, or the reason why the worker gets none. The same claim gets the same answer.
 * @throws ApiError `signature.replayed`
 */
export async function claim(context: JobContext, request: Claim, nonce: Nonce): Promise<ClaimAnswer> {
  const job = await claimJob(context.session, request, nonce, context.now());
  if (job === "replayed") throw new ApiError("signature.replayed");
  if (job === null) return { outcome: "not_yours", reason: "unknown" };
  if (job.status !== "processing" && job.status !== "queued") {
    return { outcome: "not_yours", reason: "finished" };
  }
  if (job.claim_id !== request.claimId)
    return { outcome: "not_yours", reason: job.status === "queued" && job.held ? "held" : "leased" };
  await afterTransition(context, { dreamIds: job.watched ? [job.dream_id] : [], isLeased: true });
  const given = {
    job_id: job.id,
    dream_id: job.dream_id,
    attempt: job.attempt,
    lease_ms: leaseSeconds * 1000,
    asset_scope: await scopeOf(job.owner_id),
    traceparent: job.traceparent,
    tries_providers: true,
  };
  if (job.kind === "transcription") {
    const { key, size_bytes, keywords, languages }: TranscriptionInput = JSON.parse(job.input);
    return { outcome: "transcribe", ...given, key, size_bytes, keywords, languages };
  }
  if (job.kind === "takes") {
    const {
      options,
      language,
      asset,
      scene,
      takes,
      cast = [],
      photos = [],
      pronunciations,
    }: TakesInput = JSON.parse(job.input);
    const told = { options, language, asset, scene, takes, cast, pronunciations };
    return { outcome: "takes", ...given, ...told, photos: photos.map(withKey) };
  }
  const input: JobInput = JSON.parse(job.input);
  const {
    title,
    transcript,
    options,
    storyboard,
    recordings = [],
    pronunciations = {},
    known_cast = [],
    photos = [],
    chosen,
  } = input;
  return {
    outcome: outcomeOf(input),
    ...given,
    dream: { title, transcript },
    options,
    storyboard: storyboard ?? null,
    recordings: recordings.map(({ job_id, attempt, ...recording }) => ({
      key: recordingKey(job.dream_id, job_id, attempt),
      ...recording,
    })),
    pronunciations,
    known_cast,
    photos: photos.map(withKey),
    renews_photos: renewsPhotos(input),
    ...(chosen && { chosen }),
    takes_last_report: true,
  };
}

/** A worker that does not know the outcome hands the job back. */
function outcomeOf({ options, is_approved, redo_of }: JobInput): ClaimedJob["outcome"] {
  // Options of jobs that an older edge made lack the field.
  const asks = (options.pause_after ?? null) !== null && !is_approved && redo_of === undefined;
  return asks ? "claimed_asking" : options.voice === "own" ? "claimed_own_voice" : "claimed";
}

/** A photo with the key of its file. */
const withKey = ({ id, ...photo }: StoredPhoto) => ({ ...photo, key: photoKey(id) });

/** A film that was approved before anything was bought for its storyboard. */
const renewsPhotos = ({ options, is_approved, redo_of }: JobInput) =>
  is_approved === true && redo_of === undefined && options.pause_after === "storyboard";

/**
 * The scope of bought assets: an owner's dreams share them, other owners do not. The worker does not learn
 * who the owner is.
 */
const scopeOf = async (ownerId: string) => (await hashKey(`asset-scope:${ownerId}`)).slice(0, 32);

/**
 * Stores a worker's report, which is heartbeat and log in one. The job's state does not change, so only
 * listeners are notified.
 *
 * @throws ApiError `job.fenced`, `job.finished` or `job.cancelled`: the worker must stop and change nothing
 */
export async function reportProgress(
  context: JobContext,
  ref: AttemptRef,
  report: ProgressReport,
): Promise<ProgressAnswer> {
  const { env, session, now, defer } = context;
  const nowMs = now();
  const stored = await recordProgress(session, ref, readReport(ref, report), nowMs);
  const { before, leaseEndsAt, lifted, isWatched } = stored;
  requireHeld(before, ref);
  resumeQueue(context, lifted);
  watchLease(env, defer, now());
  const { attempt, stage, progress, scenes_total, scenes_ready, cost_usd } = report;
  if (isWatched)
    notifyChannel(env, defer, {
      dreamId: before.dream_id ?? "",
      changed: report.events.length > 0,
      live: { jobId: ref.jobId, attempt, stage, progress, scenes_total, scenes_ready, cost_usd },
    });
  return { lease_ms: Math.max(1, leaseEndsAt - nowMs), watched: isWatched };
}

/** The job's dream, if its channel has listeners. */
export const watchedDreams = ({ dream_id, watched_until }: AttemptState, nowMs: number): string[] =>
  dream_id !== null && watched_until > nowMs ? [dream_id] : [];

/** The report without the events that this edge cannot read, which it logs. */
function readReport(ref: AttemptRef, report: LastReport): ReadReport {
  const events = report.events.flatMap(({ n, event }) => (event === null ? [] : [{ n, event }]));
  noteDropped(ref, report.events.length - events.length);
  return { ...report, events };
}

/** Jobs whose unreadable events this isolate has logged; the oldest are forgotten. */
const noted = new Set<string>();
const notedAtMost = 1_000;

/** Logs, once for each job and isolate, that events of a worker that is newer than this edge are dropped. */
function noteDropped({ jobId, attempt }: AttemptRef, dropped: number): void {
  if (dropped === 0 || noted.has(jobId)) return;
  for (const oldest of noted) if (noted.size >= notedAtMost) noted.delete(oldest);
  noted.add(jobId);
  console.warn(JSON.stringify({ event: "report.events_dropped", job_id: jobId, attempt, dropped }));
}

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

/**
 * Refuses the call of an attempt that did not hold the job before its write, which then changed nothing.
 *
 * @throws ApiError `job.fenced`, `job.finished`, `job.cancelled`, `job.not_found` or `signature.replayed`
 */
export function requireHeld(before: AttemptState, ref: AttemptRef): void {
  const problem = problemOf(before, ref);
  if (problem !== null) throw new ApiError(problem);
}

/**
 * Whether the attempt had ended with this status of its job before, so that its call is a repetition.
 *
 * @throws ApiError if it had not and does not hold the job
 */
export function wasEnded(
  before: AttemptState,
  ref: AttemptRef,
  status: "completed" | "failed" | "waiting",
): boolean {
  const { fresh, status: now, attempt, kind } = before;
  if (fresh === 1 && now === status && attempt === ref.attempt && kind === ref.kind) return true;
  requireHeld(before, ref);
  return false;
}
