/** Rows as clients read them: ISO times, dollars, and film addresses that are signed for whoever asked. */
import type { Dream } from "../../contract/dream.ts";
import type { VideoStatus } from "../../contract/job.ts";
import { grantFilm } from "../playback/grant.ts";
import type { DreamRow } from "../store/dreams.ts";
import type { StatusRow } from "../store/status.ts";

interface Viewer {
  origin: string;
  secrets: { playback: readonly [string, ...string[]] };
  ports: { now(): number };
}

export async function presentDream(row: DreamRow, viewer: Viewer): Promise<Dream> {
  return {
    id: row.id,
    title: row.title,
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

/** A dream that was just made, as `presentDream` will show it. */
export const presentNewDream = (dream: {
  id: string;
  title: string | null;
  transcriptChars: number;
  createdAt: number;
}): Dream => ({
  id: dream.id,
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

export async function presentStatus(row: StatusRow, viewer: Viewer): Promise<VideoStatus> {
  const { dream, job } = row;
  const folder = dream?.videoUrl ? await filmFolder(dream.videoUrl, viewer) : null;
  const files: { poster?: boolean; captions?: boolean; hls?: boolean; preview?: boolean } =
    job?.files == null ? {} : JSON.parse(job.files);
  const beside = (there: boolean | undefined, file: string) => (folder && there ? `${folder}/${file}` : null);
  return {
    job_id: job?.id ?? null,
    status: job?.status ?? null,
    video_url: beside(true, "film.mp4"),
    stage: job?.stage ?? null,
    progress: job?.progress ?? 0,
    scenes: { total: job?.scenesTotal ?? null, ready: job?.scenesReady ?? 0 },
    attempt: job?.attempt ?? 0,
    error:
      job?.errorCode == null
        ? null
        : { code: job.errorCode, message: job.errorMessage ?? "", retryable: job.errorRetryable ?? false },
    warnings: JSON.parse(row.warnings),
    cost_usd: (job?.costMicroUsd ?? 0) / 1_000_000,
    duration_seconds: job?.durationSeconds ?? null,
    timings: dream?.videoMetadata ? (JSON.parse(dream.videoMetadata).timings ?? null) : null,
    poster_url: beside(files.poster, "poster.jpg"),
    captions_url: beside(files.captions, "captions.vtt"),
    hls_url: beside(files.hls, "hls/index.m3u8"),
    preview_url: beside(files.preview, "preview.mp4"),
    created_at: job == null ? null : isoTime(job.createdAt),
    started_at: job?.startedAt == null ? null : isoTime(job.startedAt),
    completed_at: job?.endedAt == null ? null : isoTime(job.endedAt),
  };
}

/** The signed address of the folder that the film of this R2 key lies in. */
async function filmFolder(filmKey: string, { origin, secrets, ports }: Viewer): Promise<string> {
  const [, dreamId = "", jobId = "", attempt] = filmKey.split("/");
  const film = { dreamId, jobId, attempt: Number(attempt) };
  const grant = await grantFilm(secrets.playback[0], film, ports.now());
  return `${origin}/videos/${dreamId}/${jobId}/${grant}`;
}

const isoTime = (atMs: number) => new Date(atMs).toISOString();
