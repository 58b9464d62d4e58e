/**
 * How each message changes the page's state of a film. Pure. Snapshots, replayed and live events lead to the
 * same state in any mix, because each stored event is applied once, by its number.
 */
import type { JobEvent } from "../../../contract/event.ts";
import type { FilmOptions } from "../../../contract/film.ts";
import { readFilmFields } from "../../../contract/film-metadata.ts";
import type { VideoStatus } from "../../../contract/job.ts";
import type { LiveProgress } from "../../../contract/live.ts";
import { blankScene, type Eta, type FilmState, type SceneState, unknownFilm } from "./film-state.ts";

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
    hasNoMachine: status.has_no_machine ?? false,
    scenes: atLeast(film.scenes, status.scenes.total ?? 0),
    scenesTotal: status.scenes.total ?? film.scenesTotal,
    scenesReady: status.scenes.ready,
    costUsd: status.cost_usd,
    durationSeconds: status.duration_seconds,
    timings: status.timings,
    fields: readFilmFields(status),
    // An older edge does not say.
    redoScene: status.redo_scene ?? null,
    isStoryboardEdited: status.storyboard_is_edited ?? false,
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
    hasNoMachine: progress.has_no_machine ?? false,
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
        hasWaitedSince: false,
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
    case "job.waiting":
      return { ...film, hasWaitedSince: true };
    case "film.playable":
      return { ...film, playable: true };
    default:
      // The status has costs, warnings and ends in full.
      return film;
  }
}

/** Every `picture.…` warning but the one about a gentler picture, which AI painted. */
const isPlaceholderCode = (code: string) => code.startsWith("picture.") && code !== "picture.softened";

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
  wasPlayable: film.wasPlayable || film.playable,
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
