import type { Eta } from "./film-state.ts";

/** The remaining time as it is told to a person. */
export interface ToldEta {
  /** The end that is told, in ms of `Date.now()`. */
  endsAtMs: number;
  /** The possible error of "about"; null: the end is the latest one, "at most". */
  errorSeconds: number | null;
  /**
   * The earlier end that was told before a later one, in ms of `Date.now()`, until it holds again; null
   * without one.
   */
  longerThanMs: number | null;
}

/** A time below this is "a few seconds". */
export const fewSeconds = 3;

/**
 * An end may be this much later than the told one before it is told: seconds, and a share of the time left.
 */
const slack = { seconds: 4, share: 0.2 };

/**
 * What is told after a new estimate. The told time never goes up in silence: an end that is a little later
 * keeps the told one, which counts down, and one that is much later is told as longer. Null when no time is
 * known.
 */
export function followEta(told: ToldEta | null, eta: Eta | null, nowMs: number): ToldEta | null {
  if (eta === null) return null;
  const { seconds, errorSeconds } = eta;
  // "20 s ± 25 s" would include the past. What ends in a moment needs no error.
  const isVague = errorSeconds > seconds / 2 && seconds >= fewSeconds;
  const next = {
    endsAtMs: nowMs + (isVague ? seconds + errorSeconds : seconds) * 1_000,
    errorSeconds: isVague ? null : errorSeconds,
  };
  if (told === null) return { ...next, longerThanMs: null };
  const { endsAtMs, longerThanMs } = told;
  if (next.endsAtMs <= (longerThanMs ?? endsAtMs)) return { ...next, longerThanMs: null };
  if (next.endsAtMs <= endsAtMs) return { ...next, longerThanMs };
  const isClose =
    next.endsAtMs - endsAtMs <= Math.max(slack.seconds * 1_000, (endsAtMs - nowMs) * slack.share);
  // The latest end is later than the probable one. That is no delay if the probable one or the told error
  // includes it.
  const latestMs = endsAtMs + (told.errorSeconds ?? 0) * 1_000;
  const isOnlyVague =
    told.errorSeconds !== null &&
    isVague &&
    (nowMs + seconds * 1_000 <= endsAtMs || next.endsAtMs <= latestMs);
  return isClose || isOnlyVague ? told : { ...next, longerThanMs: longerThanMs ?? endsAtMs };
}

/** Seconds until the told end. */
export const secondsLeft = ({ endsAtMs }: ToldEta, nowMs: number): number =>
  Math.max(0, (endsAtMs - nowMs) / 1_000);
