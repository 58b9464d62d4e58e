import {
  type FilmState,
  hasEndedWithout,
  isActive,
  isEarlierShown,
  isMaking,
  unknownFilm,
} from "./film-state.ts";
import { fewSeconds, secondsLeft, type ToldEta } from "./follow-eta.ts";

export interface Progress {
  /** The current step. */
  headline: string;
  /** Finished scenes and remaining time. */
  detail: string;
}

/**
 * The film's state as text. `playableScenes`: how many scenes the player has, in any sharpness. `told`: the
 * end that a person is told, as `followEta` decides.
 */
export function describeProgress(
  film: FilmState,
  playableScenes = 0,
  told: ToldEta | null = null,
  nowMs = Date.now(),
): Progress {
  // Nothing has been heard yet, not even that there is no film.
  if (film === unknownFilm) return { headline: "", detail: "" };
  const keptFilm = film.earlier !== null && !isActive(film) ? "Your earlier film is still available." : "";
  const parts = [
    countScenes(film, playableScenes),
    told && describeEta(told, nowMs),
    isEarlierShown(film) ? "you can watch the film as it was" : null,
  ];
  if (film.isStoryboardEdited && hasEndedWithout(film))
    return {
      headline: headline(film),
      detail: ["Try again starts from the storyboard that you changed.", keptFilm].join(" ").trim(),
    };
  if (film.status === "waiting")
    return { headline: headline(film), detail: "Nothing more is bought until you say so." };
  const detail = isActive(film) ? parts.filter((part) => part !== null).join(" · ") : keptFilm;
  return { headline: headline(film), detail };
}

/**
 * The words over the picture before the film plays: of the scene that is shown, or of the one that will be;
 * else, while the film is made, the current step. Why it waits is said below the picture, and not twice.
 */
export function curtainText(film: FilmState, shown: number | null): string {
  const words = film.scenes[shown ?? film.redoScene ?? 0]?.narration ?? "";
  if (words || !isMaking(film)) return words;
  return film.held !== null || film.hasNoMachine ? "Your film waits" : headline(film);
}

/** Why the page does not go on. `hasNetwork`: the browser says that it is online. */
export function describeOutage(film: FilmState, hasNetwork: boolean): string {
  const cause = hasNetwork ? "The service does not answer." : "You are offline.";
  const goesOn = isActive(film) ? " The film is still being made." : "";
  return `${cause}${goesOn} This page continues when the ${hasNetwork ? "service" : "connection"} is back.`;
}

function headline(film: FilmState): string {
  switch (film.status) {
    case null:
      return "No film yet";
    case "queued":
      if (film.held !== null) return film.held;
      if (film.hasNoMachine) return "No machine is running. The film begins when one is";
      return film.attempt === 0 ? "Waiting for a free machine" : "Waiting for the next attempt";
    case "processing":
      return working(film);
    case "waiting":
      return "Your storyboard is ready";
    case "completed":
      return "Your film is ready";
    case "failed":
      return "The film could not be made";
    case "cancelled":
      return "Cancelled";
    case "expired":
      return "Not made: the storyboard was not approved in time";
  }
}

function working(film: FilmState): string {
  if (film.redoScene !== null && film.stage !== "film" && film.stage !== "publish" && film.stage !== "done")
    return `Making scene ${film.redoScene + 1} again`;
  switch (film.stage) {
    case null:
    case "queued":
    case "storyboard":
      return "Writing the storyboard";
    case "scenes":
      return film.scenes.every((scene) => scene.painted && scene.spoken) && film.scenes.length > 0
        ? "Filming the scenes"
        : "Painting and narrating";
    case "film":
      return "Joining the scenes";
    case "publish":
    case "done":
      return "Saving the film";
  }
}

/**
 * "2 of 6 scenes ready"; null if it would say nothing: before the storyboard, for a film of which one scene
 * is made again, and between the event that it plays and the player's first playlist.
 */
export function countScenes(
  { scenesTotal, scenesReady, playable, redoScene }: FilmState,
  playableScenes: number,
): string | null {
  const ready = Math.max(scenesReady, playableScenes);
  if (scenesTotal === null || redoScene !== null || (playable && ready === 0)) return null;
  return `${ready} of ${scenesTotal} ${scenesTotal === 1 ? "scene" : "scenes"} ready`;
}

/** Rounded to the accuracy of the estimate. */
function describeEta(told: ToldEta, nowMs: number): string {
  const seconds = secondsLeft(told, nowMs);
  const { errorSeconds, longerThanMs } = told;
  const reason = longerThanMs !== null ? "a little longer than thought: " : "";
  if (seconds < fewSeconds) return `${reason}a few seconds left`;
  const step = seconds > 90 ? 15 : seconds > 20 ? 5 : 1;
  const round = (value: number) => Math.max(step, Math.round(value / step) * step);
  if (errorSeconds === null) return `${reason}at most ${inUnits(round(seconds))} left`;
  // The told end stays while it comes closer, so its error may have become too large to say.
  const hasBand = errorSeconds >= 1 && errorSeconds <= seconds / 2;
  const band = hasBand ? ` ± ${inUnits(round(errorSeconds))}` : "";
  return `${reason}about ${inUnits(round(seconds))}${band} left`;
}

/** A duration as text: "45 s", "2 min 5 s". */
export function inUnits(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = Math.round(seconds % 60);
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}
