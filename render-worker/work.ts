/** The kinds of jobs: what an attempt does, and how its end is told to the edge. */
import type { TakesComplete, TranscriptionComplete, VideoComplete } from "../contract/completion.ts";
import type { JobKind } from "../contract/job-kind.ts";
import type { ReadClaimAnswer } from "../contract/read-claim.ts";
import type { CarriedReport } from "../contract/report.ts";
import { filmUrl } from "../contract/storage.ts";
import type { Completion, EdgeClient } from "./clients/edge.ts";
import { type Poison, Rejected } from "./errors.ts";
import type { BoughtTakes } from "./pipeline/buy-takes.ts";
import type { FinishedFilm, PausedFilm } from "./pipeline/make-film.ts";
import type { Progress } from "./pipeline/progress.ts";
import { NotAllowed } from "./pipeline/screen-words.ts";
import type { TranscribedSegment } from "./pipeline/transcribe-segment.ts";
import type { Metrics } from "./runtime/metrics.ts";

type FilmJob = Extract<ReadClaimAnswer, { dream: unknown }>;
type TranscriptionJob = Extract<ReadClaimAnswer, { outcome: "transcribe" }>;
type TakesJob = Extract<ReadClaimAnswer, { outcome: "takes" }>;

/** What all kinds of work are done with. */
export interface WorkPorts {
  edge: EdgeClient;
  edgeUrl: string;
  metrics: Pick<Metrics, "filmCompleted">;
  /** Also obtains the storyboard, and the pictures if asked, of a film that pauses there. */
  makeFilm(
    job: FilmJob,
    folder: string,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<FinishedFilm | PausedFilm>;
  /** Absent in a worker that cannot transcribe: it hands such jobs back. */
  transcribe?(
    job: TranscriptionJob,
    folder: string,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<TranscribedSegment>;
  /** Absent in a worker that buys no takes: it hands such jobs back. */
  buyTakes?(job: TakesJob, folder: string, progress: Progress, signal: AbortSignal): Promise<BoughtTakes>;
}

/** The end of an attempt, ready to be sent. */
export interface End {
  /** What becomes of the job if the edge takes the end. */
  outcome: "completed" | "paused" | "failed";
  /** Of the film or the recording; 0 without one. */
  seconds: number;
  /**
   * Sends the end. `lastReport`: what the attempt has not reported, for an edge that takes it.
   *
   * @throws as EdgeClient.complete does
   */
  send(lastReport: CarriedReport | null): Promise<Completion>;
}

/** One attempt at a job. */
export interface Work {
  kind: JobKind;
  job: { job_id: string; dream_id: string; attempt: number; lease_ms: number };
  /** The end that `run` gives takes the last report along. */
  takesLastReport: boolean;
  /** @throws Poison, Rejected, Transient, or `signal`'s reason */
  run(folder: string, progress: Progress, signal: AbortSignal): Promise<End>;
  /** The end of a job that can never succeed. */
  fail(error: Poison | Rejected, progress: Progress): End;
}

/** The work of a claimed job; null if this worker cannot do it. */
export function chooseWork(job: FilmJob | TranscriptionJob | TakesJob, ports: WorkPorts): Work | null {
  if (job.outcome === "transcribe") return transcriptionWork(job, ports);
  if (job.outcome === "takes") return takesWork(job, ports);
  return filmWork(job, ports);
}

/** The work of making a film; null if this worker does not know where the film has to pause. */
export function filmWork(job: FilmJob, { edge, edgeUrl, makeFilm, metrics }: WorkPorts): Work | null {
  if (job.outcome === "claimed_asking" && job.options.pause_after === null) return null;
  const end = (completion: FilmEnd): End => ({
    outcome: completion.status,
    seconds: completion.metadata?.duration ?? 0,
    send: (lastReport) => edge.complete(job.dream_id, { ...completion, last_report: lastReport }),
  });
  return {
    kind: "film",
    job,
    takesLastReport: job.takes_last_report,
    async run(folder, progress, signal) {
      const startedAt = performance.now();
      for (const name of job.replaced_options ?? [])
        progress.warn(
          "option.replaced",
          `\`${name}\` has its default: the worker does not know the value.`,
          null,
        );
      const film = await makeFilm(job, folder, progress, signal);
      if ("at" in film) return paused(job, edge, film);
      const wallSeconds = (performance.now() - startedAt) / 1000;
      metrics.filmCompleted(film.timings, film.durationSeconds / wallSeconds);
      return end(completed(job, edgeUrl, film));
    },
    fail: (error, progress) => end(failed(job, progress, error)),
  };
}

/**
 * The end of an attempt that has got as far as the owner wants to see, or to words that the owner has to
 * change.
 */
const paused = (job: FilmJob, edge: EdgeClient, { at, storyboard, refused }: PausedFilm): End => ({
  outcome: "paused",
  seconds: 0,
  send: () => edge.pause(job.job_id, { attempt: job.attempt, at, storyboard: { ...storyboard }, refused }),
});

/** The work of transcribing a segment; null if this worker cannot. */
export function transcriptionWork(job: TranscriptionJob, { edge, transcribe }: WorkPorts): Work | null {
  if (transcribe === undefined) return null;
  const end = (completion: TranscriptionComplete): End => ({
    outcome: completion.status,
    seconds: completion.duration_seconds,
    send: () => edge.completeTranscription(job.job_id, completion),
  });
  const { attempt } = job;
  return {
    kind: "transcription",
    job,
    takesLastReport: false,
    async run(folder, progress, signal) {
      const { transcript, language, durationSeconds, costMicroUsd } = await transcribe(
        job,
        folder,
        progress,
        signal,
      );
      return end({
        attempt,
        transcript,
        language,
        duration_seconds: durationSeconds,
        cost_usd: costMicroUsd / 1e6,
        ...withoutError,
      });
    },
    fail: (error, progress) =>
      end({
        attempt,
        transcript: null,
        language: null,
        duration_seconds: 0,
        cost_usd: progress.snapshot.costMicroUsd / 1e6,
        ...describe(error),
      }),
  };
}

/** The work of buying takes of a scene; null if this worker cannot. */
export function takesWork(job: TakesJob, { edge, buyTakes }: WorkPorts): Work | null {
  if (buyTakes === undefined) return null;
  const { attempt } = job;
  const end = (completion: TakesComplete): End => ({
    outcome: completion.status,
    seconds: 0,
    send: () => edge.completeTakes(job.job_id, completion),
  });
  return {
    kind: "takes",
    job,
    takesLastReport: false,
    async run(folder, progress, signal) {
      const { takes, costMicroUsd } = await buyTakes(job, folder, progress, signal);
      return end({ attempt, takes, cost_usd: costMicroUsd / 1e6, ...withoutError });
    },
    fail: (error, progress) =>
      end({ attempt, takes: [], cost_usd: progress.snapshot.costMicroUsd / 1e6, ...describe(error) }),
  };
}

type FilmEnd = Omit<VideoComplete, "last_report">;

function completed(job: FilmJob, edgeUrl: string, film: FinishedFilm): FilmEnd {
  return {
    job_id: job.job_id,
    attempt: job.attempt,
    video_url: filmUrl(edgeUrl, job.dream_id, job.job_id, job.attempt),
    metadata: {
      duration: film.durationSeconds,
      scenes: film.scenes,
      cost: film.costMicroUsd / 1e6,
      title: film.title,
      language: film.language,
      width: film.width,
      height: film.height,
      timings: film.timings,
      reused: { assets: film.reused.assets, saved_usd: film.reused.savedMicroUsd / 1e6 },
      warnings: film.warnings,
      ...film.fields,
    },
    ...withoutError,
    files: film.files,
    size_bytes: film.sizeBytes,
    sha256: film.sha256,
  };
}

function failed(job: FilmJob, progress: Progress, error: Poison | Rejected): FilmEnd {
  const { costMicroUsd, scenesTotal } = progress.snapshot;
  return {
    job_id: job.job_id,
    attempt: job.attempt,
    video_url: null,
    metadata: { duration: 0, scenes: scenesTotal ?? 0, cost: costMicroUsd / 1e6 },
    ...describe(error),
    files: {},
    size_bytes: null,
    sha256: null,
  };
}

const withoutError = {
  status: "completed",
  error: null,
  error_code: null,
  retryable: false,
  error_passage: null,
} as const;

/** The fields of every end that tell why the job failed. */
const describe = (error: Poison | Rejected) => ({
  status: "failed" as const,
  error: error.message,
  error_code: error.code,
  retryable: error instanceof Rejected,
  failed_seconds_ago: (performance.now() - error.atMs) / 1000,
  error_passage: error instanceof NotAllowed ? error.passage : null,
});
