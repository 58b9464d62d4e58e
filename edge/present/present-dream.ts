/** Rows as clients read them: ISO times, dollars, and film addresses that are signed for the caller. */
import type { Dream } from "../../contract/dream.ts";
import { type FilmFields, readFilmFields } from "../../contract/film-metadata.ts";
import type { JobStatus, VideoStatus } from "../../contract/job.ts";
import type { LiveProgress } from "../../contract/live.ts";
import type { FilmFile } from "../../contract/storage.ts";
import { type Estimate, estimate, estimateWait, type Line } from "../forecast/estimate.ts";
import { type FilmRef, grantFilm } from "../playback/grant.ts";
import type { DreamRow } from "../store/dreams.ts";
import { readTimings } from "../store/stage-timings.ts";
import type { EarlierFilm, StatusRow } from "../store/status.ts";
import { readLine } from "../store/turns.ts";
import { presentHold } from "./present-hold.ts";
import { quotePassage } from "./quote-passage.ts";

export interface Viewer {
  origin: string;
  secrets: { playback: readonly [string, ...string[]] };
  ports: { now(): number };
}

/** A dream as the API answers it. */
export async function presentDream(row: DreamRow, viewer: Viewer): Promise<Dream> {
  return {
    id: row.clientId,
    title: row.title ?? row.storyboardTitle,
    transcript_chars: row.transcriptChars,
    created_at: isoTime(row.createdAt),
    updated_at: isoTime(row.updatedAt),
    video_job_id: row.videoJobId,
    video_status: row.videoStatus,
    video_url: row.videoUrl === null ? null : `${await filmFolder(row.videoUrl, viewer)}/film.mp4`,
    video_metadata: row.videoMetadata === null ? null : JSON.parse(row.videoMetadata),
    video_started_at: row.videoStartedAt === null ? null : isoTime(row.videoStartedAt),
    video_completed_at: row.videoCompletedAt === null ? null : isoTime(row.videoCompletedAt),
  };
}

/** A dream that was just made, as `presentDream` shows it. */
export const presentNewDream = (dream: {
  clientId: string;
  title: string | null;
  transcriptChars: number;
  createdAt: number;
}): Dream => ({
  id: dream.clientId,
  title: dream.title,
  transcript_chars: dream.transcriptChars,
  created_at: isoTime(dream.createdAt),
  updated_at: isoTime(dream.createdAt),
  video_job_id: null,
  video_status: null,
  video_url: null,
  video_metadata: null,
  video_started_at: null,
  video_completed_at: null,
});

/** The status of a dream's newest video as the API answers it. */
export async function presentStatus(row: StatusRow, viewer: Viewer): Promise<VideoStatus> {
  const { dream, job } = row;
  const folder = dream && job && (await folderOf(dream, job, viewer));
  const files: Files = job?.files == null ? {} : JSON.parse(job.files);
  const made: Made = dream?.videoMetadata ? JSON.parse(dream.videoMetadata) : {};
  const beside = (there: boolean | undefined, file: FilmFile) =>
    folder && there ? `${folder}/${file}` : null;
  return {
    ...presentProgress(row, viewer.ports.now()),
    status: job?.status ?? null,
    video_url: beside(job?.status === "completed", "film.mp4"),
    approval: presentApproval(job),
    error: job === null ? null : await presentError(job),
    warnings: job === null ? [] : JSON.parse(job.warnings),
    options: job?.options == null ? null : JSON.parse(job.options),
    storyboard_is_edited: job?.isEdited === 1,
    redo_scene: job?.redoScene ?? null,
    duration_seconds: job?.durationSeconds ?? null,
    timings: made.timings ?? null,
    ...readFilmFields(made),
    poster_url: beside(files.poster, "poster.jpg"),
    scene_picture_url: folder && `${folder}/scenes/{n}.jpg`,
    captions_url: beside(files.captions, "captions.vtt"),
    hls_url: beside(files.hls, "hls/index.m3u8"),
    preview_url: beside(files.preview, "preview.mp4"),
    storyboard_url: beside(files.storyboard, "storyboard.vtt"),
    earlier_film: job?.status === "completed" ? null : await presentEarlier(dream, viewer),
    created_at: job == null ? null : isoTime(job.createdAt),
    started_at: job?.startedAt == null ? null : isoTime(job.startedAt),
    completed_at: job?.endedAt == null ? null : isoTime(job.endedAt),
  };
}

function presentApproval(job: StatusRow["job"]): VideoStatus["approval"] {
  if (job?.status !== "waiting" || job.pausePoint === null || job.expiresAt === null) return null;
  return { at: job.pausePoint, revision: job.revision, expires_at: isoTime(job.expiresAt) };
}

async function presentError(job: NonNullable<StatusRow["job"]>): Promise<VideoStatus["error"]> {
  const { errorCode, errorMessage, errorRetryable, errorPassage, quotedTranscript } = job;
  if (errorCode === null) return null;
  const passage = await quotePassage(errorPassage, quotedTranscript);
  return { code: errorCode, message: errorMessage ?? "", retryable: errorRetryable === 1, passage };
}

async function presentEarlier(dream: StatusRow["dream"], viewer: Viewer) {
  if (dream === null || dream.earlierFilm === null) return null;
  const { jobId, attempt, seconds }: EarlierFilm = JSON.parse(dream.earlierFilm);
  const folder = await signedFolder({ dreamId: dream.id, jobId, attempt }, viewer);
  return {
    job_id: jobId,
    video_url: `${folder}/film.mp4`,
    hls_url: `${folder}/hls/index.m3u8`,
    captions_url: `${folder}/captions.vtt`,
    duration_seconds: seconds,
  };
}

/** How far the job is, and how long it still takes. */
export function presentProgress(row: StatusRow, nowMs: number): LiveProgress {
  const { job } = row;
  const line = readLine(job?.line ?? null);
  const left = foreseeEnd(job, line, nowMs);
  return {
    job_id: job?.id ?? null,
    stage: job?.stage ?? null,
    progress: job?.progress ?? 0,
    scenes: { total: job?.scenesTotal ?? null, ready: job?.scenesReady ?? 0 },
    attempt: job?.attempt ?? 0,
    cost_usd: (job?.costMicroUsd ?? 0) / 1_000_000,
    held: presentHold(job?.hold ?? null),
    has_no_machine: job !== null && line !== null && job.hold === null && isForgotten(job, line, nowMs),
    queue_position: line?.ahead ?? null,
    eta_seconds: left?.etaSeconds ?? null,
    eta_error_seconds: left?.errorSeconds ?? null,
  };
}

function foreseeEnd(job: StatusRow["job"], line: Line | null, nowMs: number): Estimate | null {
  if (job === null) return null;
  const { progress, scenesTotal, priority, attemptAt, timings } = job;
  // Nothing tells when an operator will have repaired the provider.
  if (job.hold !== null) return null;
  if (line !== null) {
    if (isForgotten(job, line, nowMs)) return null;
    const film = estimate(readTimings(timings), { progress: 0, scenesTotal: null, elapsedSeconds: 0 });
    return film && estimateWait(priority, isUp(line, nowMs) ? line : { ...line, slots: 0 }, film);
  }
  if (job.status !== "processing" || attemptAt === null) return null;
  return estimate(readTimings(timings), {
    progress,
    scenesTotal,
    elapsedSeconds: (nowMs - attemptAt) / 1000,
  });
}

/** A pool that sleeps has started a machine by this time. */
const wakesWithinMs = 30_000;

const isUp = ({ goneAt }: Line, nowMs: number) => (goneAt ?? 0) > nowMs;

/** Whether no machine runs, and the job has waited for so long that none can be expected. */
const isForgotten = (
  { approvedAt, createdAt }: Pick<NonNullable<StatusRow["job"]>, "approvedAt" | "createdAt">,
  line: Line,
  nowMs: number,
) => nowMs - (approvedAt ?? createdAt) > wakesWithinMs && !isUp(line, nowMs);

type Made = Partial<Pick<VideoStatus, "timings"> & FilmFields>;
type Files = Partial<Record<"poster" | "captions" | "hls" | "preview" | "storyboard", boolean>>;

/** The R2 key of the job's film, or of its live parts; null if there is and will be nothing to play. */
async function folderOf(
  dream: { id: string; videoUrl: string | null },
  job: { id: string; status: JobStatus; attempt: number },
  viewer: Viewer,
): Promise<string | null> {
  if (job.status === "completed") return dream.videoUrl && filmFolder(dream.videoUrl, viewer);
  // The pictures that a waiting job has bought are there; an approval starts the next attempt.
  if (job.status !== "processing" && job.status !== "waiting") return null;
  return signedFolder({ dreamId: dream.id, jobId: job.id, attempt: job.attempt }, viewer);
}

/** The signed address of the folder of the film with this R2 key. */
function filmFolder(filmKey: string, viewer: Viewer): Promise<string> {
  const [, dreamId = "", jobId = "", attempt] = filmKey.split("/");
  return signedFolder({ dreamId, jobId, attempt: Number(attempt) }, viewer);
}

/** The signed address of the folder of one attempt's files. */
export async function signedFolder(film: FilmRef, { origin, secrets, ports }: Viewer): Promise<string> {
  const grant = await grantFilm(secrets.playback[0], film, ports.now());
  return `${origin}/videos/${film.dreamId}/${film.jobId}/${grant}`;
}

const isoTime = (atMs: number) => new Date(atMs).toISOString();
