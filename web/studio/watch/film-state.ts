/**
 * The page's state of a film, and what follows from it. `apply-message.ts` says how each message changes it.
 */
import type { FilmOptions } from "../../../contract/film.ts";
import { type NullableFilmFields, readFilmFields } from "../../../contract/film-metadata.ts";
import type { JobStatus, Stage, VideoStatus } from "../../../contract/job.ts";

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
  /** It has waited for longer than a machine needs to start, and none runs. */
  hasNoMachine: boolean;
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
  /** It has ended, and its owner had changed its storyboard: the next one starts from that. */
  isStoryboardEdited: boolean;
  /**
   * It has waited for its owner since the newest storyboard in its events, which tell no change of the
   * owner's.
   */
  hasWaitedSince: boolean;
  /** What it was requested with; null if an older edge does not say. */
  options: Partial<FilmOptions> | null;
  /** The pictures contain the words. */
  areCaptionsBurntIn: boolean;
  warnings: string[];
  /** `refused`: the sentence of the dream that AI providers refuse. */
  error: { code: string; message: string; retryable: boolean; refused: string | null } | null;
  playable: boolean;
  /** An attempt before this one was playable, so the page may still play it. */
  wasPlayable: boolean;
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
  hasNoMachine: false,
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
  isStoryboardEdited: false,
  hasWaitedSince: false,
  options: null,
  areCaptionsBurntIn: true,
  warnings: [],
  error: null,
  playable: false,
  wasPlayable: false,
  urls: { video: null, hls: null, captions: null, poster: null, picture: null },
  earlier: null,
  lastSeq: 0,
};

/** The addresses to play: of this film, or of the earlier one while this one cannot be watched. */
export function watchable(film: FilmState): {
  video: string | null;
  hls: string | null;
  captions: string | null;
} {
  return film.earlier !== null && isEarlierShown(film) ? film.earlier : film.urls;
}

/**
 * Whether the page plays the dream's earlier film: this job ended without one, or its film is not playable
 * yet. While one scene is made again, the earlier film stays until the new one is complete: all other scenes
 * are the same.
 */
export const isEarlierShown = (film: FilmState): boolean =>
  film.earlier !== null &&
  (hasEndedWithout(film) ||
    (isMaking(film) && (film.redoScene !== null || !(film.playable || film.wasPlayable))));

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

/**
 * Whether the owner has changed the newest storyboard in the events; the events of a film tell what it shows.
 */
export const isStoryboardOld = (film: FilmState) =>
  film.hasWaitedSince && film.isStoryboardEdited && film.status !== "completed";

/** Whether the film is being made, or will be without its owner's word. */
export const isMaking = ({ status }: FilmState) => status === "queued" || status === "processing";

/** The same, or the film waits for its owner: its job has not ended. */
export const isActive = (film: FilmState) => isMaking(film) || film.status === "waiting";

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

/**
 * Whether the scene can be redone: in a finished film, or in one that failed after its storyboard. A film
 * whose words were refused has bought no picture, and a redo would buy all of them, at the price of one. If
 * there is an earlier film, the API changes that one, whose scenes are not those shown for the failed film.
 */
export const canRedo = ({ status, earlier, error }: FilmState, { narration }: SceneState): boolean =>
  narration !== null &&
  (status === "completed" ||
    (status === "failed" && earlier === null && error?.code !== "dream.not_allowed"));
