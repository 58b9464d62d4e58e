/**
 * What the page knows of a film, and how each message changes it. Pure: the same messages in any mix of snapshot,
 * replay and live end in the same state, because a stored event counts once, by its number.
 */
import type { JobEvent } from "../../../contract/event.ts";
import type { JobStatus, Stage, VideoStatus } from "../../../contract/job.ts";
import type { LiveProgress } from "../../../contract/live.ts";

export interface SceneState {
  narration: string | null;
  picture: string | null;
  /** Its picture has been painted. */
  painted: boolean;
  spoken: boolean;
  /** Length in the film; null until it is filmed. */
  seconds: number | null;
  /** It was not bought or made again. */
  reused: boolean;
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
  title: string | null;
  language: string | null;
  scenes: SceneState[];
  scenesTotal: number | null;
  scenesReady: number;
  costUsd: number;
  durationSeconds: number | null;
  timings: Record<string, number> | null;
  warnings: string[];
  error: { code: string; message: string; retryable: boolean } | null;
  playable: boolean;
  urls: {
    video: string | null;
    hls: string | null;
    captions: string | null;
    /** A scene's, with its number in place of `{n}`. */
    picture: string | null;
  };
  /** A film of the dream's from before, while this one can not be had. */
  earlier: { video: string; hls: string; captions: string } | null;
  /** Number of the last stored event that was applied. */
  lastSeq: number;
}

export const unknownFilm: FilmState = {
  jobId: null,
  status: null,
  stage: null,
  attempt: 0,
  percent: 0,
  eta: null,
  title: null,
  language: null,
  scenes: [],
  scenesTotal: null,
  scenesReady: 0,
  costUsd: 0,
  durationSeconds: null,
  timings: null,
  warnings: [],
  error: null,
  playable: false,
  urls: { video: null, hls: null, captions: null, picture: null },
  earlier: null,
  lastSeq: 0,
};

/** What there is to watch: the film, or once it has failed or was cancelled the one before. */
export function watchable(film: FilmState): {
  video: string | null;
  hls: string | null;
  captions: string | null;
} {
  return film.earlier !== null && (film.status === "failed" || film.status === "cancelled")
    ? film.earlier
    : film.urls;
}

export const isActive = ({ status }: FilmState) => status === "queued" || status === "processing";

/** The status is the newest truth of everything it tells, but a film in the making never goes back. */
export function applyStatus(before: FilmState, told: VideoStatus): FilmState {
  const known = forJob(before, told.job_id);
  const sameAttempt = known.attempt === told.attempt;
  const film = sameAttempt || known.attempt === 0 ? known : startOver(known, told.attempt);
  return {
    ...film,
    status: told.status,
    stage: told.stage,
    attempt: told.attempt,
    percent: sameAttempt && told.status !== "queued" ? Math.max(film.percent, told.progress) : told.progress,
    eta: readEta(told),
    scenes: atLeast(film.scenes, told.scenes.total ?? 0),
    scenesTotal: told.scenes.total ?? film.scenesTotal,
    scenesReady: told.scenes.ready,
    costUsd: told.cost_usd,
    durationSeconds: told.duration_seconds,
    timings: told.timings,
    warnings: told.warnings,
    error: told.error,
    playable: film.playable || told.hls_url !== null || told.video_url !== null,
    urls: {
      video: told.video_url,
      hls: told.hls_url,
      captions: told.captions_url,
      picture: told.scene_picture_url,
    },
    earlier: told.earlier_film && {
      video: told.earlier_film.video_url,
      hls: told.earlier_film.hls_url,
      captions: told.earlier_film.captions_url,
    },
  };
}

/** Percent as it goes out live: never stored, so it may be lost, late or repeated. */
export function applyProgress(film: FilmState, told: LiveProgress): FilmState {
  if (told.job_id !== film.jobId || told.attempt !== film.attempt) return film;
  return {
    ...film,
    stage: told.stage ?? film.stage,
    percent: Math.max(film.percent, told.progress),
    eta: readEta(told),
    scenesReady: Math.max(film.scenesReady, told.scenes.ready),
    costUsd: Math.max(film.costUsd, told.cost_usd),
  };
}

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
    case "job.stage":
      return { ...film, stage: event.data.stage };
    case "job.started":
      return startOver(film, Math.max(film.attempt, event.data.attempt));
    case "film.playable":
      return { ...film, playable: true };
    default:
      // What else there is (costs, warnings, ends), the status tells in full.
      return film;
  }
}

const blankScene: SceneState = {
  narration: null,
  picture: null,
  painted: false,
  spoken: false,
  seconds: null,
  reused: false,
};

/** Another job is another film: nothing of the one before is true of it. */
function forJob(film: FilmState, jobId: string | null): FilmState {
  return jobId === null || film.jobId === jobId ? film : { ...unknownFilm, jobId };
}

/** Another attempt films again, in a place of its own: from the same words, and from what was bought already. */
const startOver = (film: FilmState, attempt: number): FilmState => ({
  ...film,
  attempt,
  playable: attempt > 1 ? false : film.playable,
  scenes: film.scenes.map((scene) => ({ ...scene, painted: false, spoken: false, seconds: null })),
});

function atLeast(scenes: SceneState[], count: number): SceneState[] {
  return scenes.length >= count ? scenes : [...scenes, ...Array(count - scenes.length).fill(blankScene)];
}

function readEta({ eta_seconds: seconds, eta_error_seconds: error }: Partial<VideoStatus>): Eta | null {
  return seconds == null ? null : { seconds, errorSeconds: error ?? 0 };
}
