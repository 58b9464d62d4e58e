/**
 * The page's state of a film, and how each message changes it. Pure. Snapshots, replayed and live events lead
 * to the same state in any mix, because each stored event is applied once, by its number.
 */
import type { JobEvent } from "../../../contract/event.ts";
import type { FilmOptions } from "../../../contract/film.ts";
import { type NullableFilmFields, readFilmFields } from "../../../contract/film-metadata.ts";
import type { JobStatus, Stage, VideoStatus } from "../../../contract/job.ts";
import type { LiveProgress } from "../../../contract/live.ts";

export interface SceneState {
  narration: string | null;
  picture: string | null;
  /** The picture exists. */
  painted: boolean;
  /** The narration exists. */
  spoken: boolean;
  /** Length in the film; null until the scene is encoded. */
  seconds: number | null;
  /** An earlier job made it. */
  reused: boolean;
  /** No AI painted its picture. */
  isPlaceholder: boolean;
}

export interface Eta {
  seconds: number;
  errorSeconds: number;
}

export interface FilmState {
  jobId: string | null;
  status: JobStatus | null;
  stage: Stage | null;
  attempt: number;
  percent: number;
  eta: Eta | null;
  /** What a waiting film waits for; null for every other. */
  approval: VideoStatus["approval"];
  /** Why a queued job waits until an operator has repaired something, as a sentence. */
  held: string | null;
  title: string | null;
  language: string | null;
  scenes: SceneState[];
  scenesTotal: number | null;
  scenesReady: number;
  costUsd: number;
  durationSeconds: number | null;
  timings: Record<string, number> | null;
  /** What its worker says of the finished film. */
  fields: NullableFilmFields;
  /** The scene that is made again, while all others stay; null for a film of all scenes. */
  redoScene: number | null;
  /** What it was requested with; null if an older edge does not say. */
  options: Partial<FilmOptions> | null;
  /** The pictures contain the words. */
  areCaptionsBurntIn: boolean;
  warnings: string[];
  /** `refused`: the sentence of the dream that AI providers refuse. */
  error: { code: string; message: string; retryable: boolean; refused: string | null } | null;
  playable: boolean;
  urls: {
    video: string | null;
    hls: string | null;
    captions: string | null;
    poster: string | null;
    /** The address of a scene's picture; `{n}` stands for the scene's number. */
    picture: string | null;
  };
  /** The dream's earlier film, while this job has none. */
  earlier: { video: string; hls: string; captions: string } | null;
  /** The number of the last stored event that was applied. */
  lastSeq: number;
}

/** The state before the first message. */
export const unknownFilm: FilmState = {
  jobId: null,
  status: null,
  stage: null,
  attempt: 0,
  percent: 0,
  eta: null,
  approval: null,
  held: null,
  title: null,
  language: null,
  scenes: [],
  scenesTotal: null,
  scenesReady: 0,
  costUsd: 0,
  durationSeconds: null,
  timings: null,
  fields: readFilmFields(null),
  redoScene: null,
  options: null,
  areCaptionsBurntIn: true,
  warnings: [],
  error: null,
  playable: false,
  urls: { video: null, hls: null, captions: null, poster: null, picture: null },
  earlier: null,
  lastSeq: 0,
};

/** The addresses to play: of this film, or of the earlier one when this job failed or was cancelled. */
export function watchable(film: FilmState): {
  video: string | null;
  hls: string | null;
  captions: string | null;
} {
  return film.earlier !== null && hasEndedWithout(film) ? film.earlier : film.urls;
}

/**
 * The scene whose picture is shown before the film plays, or null while there is none: the first scene, with
 * which the film begins, or the one that is made again.
 */
export function curtainScene({ status, playable, redoScene, scenes }: FilmState): number | null {
  if (status === "completed" || playable) return 0;
  const scene = redoScene ?? 0;
  return scenes[scene]?.painted ? scene : null;
}

/** Whether the job has ended without a film. */
export const hasEndedWithout = ({ status }: FilmState) =>
  status === "failed" || status === "cancelled" || status === "expired";

/** Whether the film is being made, or will be without its owner's word. */
export const isMaking = ({ status }: FilmState) => status === "queued" || status === "processing";

/** The same, or the film waits for its owner: its job has not ended. */
export const isActive = (film: FilmState) => isMaking(film) || film.status === "waiting";

/** Applies a status. It replaces every field that it has, but the percentage of an attempt never falls. */
export function applyStatus(before: FilmState, status: VideoStatus): FilmState {
  const known = forJob(before, status.job_id);
  const sameAttempt = known.attempt === status.attempt;
  const film = sameAttempt || known.attempt === 0 ? known : startOver(known, status.attempt);
  return {
    ...film,
    status: status.status,
    stage: status.stage,
    attempt: status.attempt,
    percent:
      sameAttempt && status.status !== "queued" ? Math.max(film.percent, status.progress) : status.progress,
    eta: readEta(status),
    // An older edge does not say.
    approval: status.approval ?? null,
    held: status.held?.message ?? null,
    scenes: atLeast(film.scenes, status.scenes.total ?? 0),
    scenesTotal: status.scenes.total ?? film.scenesTotal,
    scenesReady: status.scenes.ready,
    costUsd: status.cost_usd,
    durationSeconds: status.duration_seconds,
    timings: status.timings,
    fields: readFilmFields(status),
    // An older edge does not say.
    redoScene: status.redo_scene ?? null,
    options: status.options as Partial<FilmOptions> | null,
    areCaptionsBurntIn: status.options?.captions !== "none",
    warnings: status.warnings,
    // An older edge does not quote.
    error: status.error && { ...status.error, refused: status.error.passage?.text ?? null },
    playable: film.playable || status.hls_url !== null || status.video_url !== null,
    urls: {
      video: status.video_url,
      hls: status.hls_url,
      captions: status.captions_url,
      poster: status.poster_url,
      picture: status.scene_picture_url,
    },
    earlier: status.earlier_film && {
      video: status.earlier_film.video_url,
      hls: status.earlier_film.hls_url,
      captions: status.earlier_film.captions_url,
    },
  };
}

/** Applies live progress. It is never stored, so it may be lost, late or repeated. */
export function applyProgress(film: FilmState, progress: LiveProgress): FilmState {
  if (progress.job_id !== film.jobId || progress.attempt !== film.attempt) return film;
  return {
    ...film,
    stage: progress.stage ?? film.stage,
    percent: Math.max(film.percent, progress.progress),
    eta: readEta(progress),
    held: progress.held?.message ?? null,
    scenesReady: Math.max(film.scenesReady, progress.scenes.ready),
    costUsd: Math.max(film.costUsd, progress.cost_usd),
  };
}

/** Applies a stored event; a repeated one changes nothing. */
export function applyEvent(before: FilmState, event: JobEvent): FilmState {
  const known = forJob(before, event.job_id);
  if (event.seq <= known.lastSeq) return known;
  const film = { ...known, lastSeq: event.seq };
  const scene = (change: Partial<SceneState>, index: number): FilmState => ({
    ...film,
    scenes: atLeast(film.scenes, index + 1).map((one, n) => (n === index ? { ...one, ...change } : one)),
  });
  switch (event.type) {
    case "job.storyboard":
      return {
        ...film,
        title: event.data.title,
        language: event.data.language,
        scenesTotal: event.data.scenes.length,
        scenes: event.data.scenes.map(({ narration, picture }, n) => ({
          ...(film.scenes[n] ?? blankScene),
          narration,
          picture,
        })),
      };
    case "scene.picture":
      return scene({ painted: true }, event.data.scene);
    case "scene.voice":
      return scene({ spoken: true }, event.data.scene);
    case "scene.ready": {
      const { seconds, reused } = event.data;
      const next = scene({ painted: true, spoken: true, seconds, reused }, event.data.scene);
      return { ...next, scenesReady: next.scenes.filter((one) => one.seconds !== null).length };
    }
    case "job.warning": {
      // A warning about a picture says why a placeholder replaces it.
      const { code, scene: index } = event.data;
      return index !== null && isPlaceholderCode(code) ? scene({ isPlaceholder: true }, index) : film;
    }
    case "job.stage":
      return { ...film, stage: event.data.stage };
    case "job.started":
      return startOver(film, Math.max(film.attempt, event.data.attempt));
    case "film.playable":
      return { ...film, playable: true };
    default:
      // The status has costs, warnings and ends in full.
      return film;
  }
}

/** Every `picture.…` warning but the one about a gentler picture, which AI painted. */
const isPlaceholderCode = (code: string) => code.startsWith("picture.") && code !== "picture.softened";

/** A scene of which nothing is known. */
export const blankScene: SceneState = {
  narration: null,
  picture: null,
  painted: false,
  spoken: false,
  seconds: null,
  reused: false,
  isPlaceholder: false,
};

/** The state for this job: a new one when the job is another. */
function forJob(film: FilmState, jobId: string | null): FilmState {
  return jobId === null || film.jobId === jobId ? film : { ...unknownFilm, jobId };
}

/**
 * A new attempt encodes every scene again, from the same storyboard and the parts that were bought before.
 */
const startOver = (film: FilmState, attempt: number): FilmState => ({
  ...film,
  attempt,
  playable: attempt > 1 ? false : film.playable,
  scenes: film.scenes.map((scene) => ({
    ...scene,
    painted: false,
    spoken: false,
    seconds: null,
    isPlaceholder: false,
  })),
});

function atLeast(scenes: SceneState[], count: number): SceneState[] {
  return scenes.length >= count ? scenes : [...scenes, ...Array(count - scenes.length).fill(blankScene)];
}

function readEta({ eta_seconds: seconds, eta_error_seconds: error }: Partial<VideoStatus>): Eta | null {
  return seconds == null ? null : { seconds, errorSeconds: error ?? 0 };
}

/**
 * Whether the scene can be redone: in a finished film, or in one that failed after its storyboard. A film whose words
 * were refused has bought no picture, and a redo would buy all of them, at the price of one. If there is an earlier film, the API changes that one, whose scenes are not those shown for the failed film.
 */
export const canRedo = ({ status, earlier, error }: FilmState, { narration }: SceneState): boolean =>
  narration !== null &&
  (status === "completed" ||
    (status === "failed" && earlier === null && error?.code !== "dream.not_allowed"));
