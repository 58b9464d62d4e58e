/**
 * A film breathes: where the dream's words are too few for the length asked for, the voice slows down and the
 * pauses grow; where they are a little too many, the reverse. `breath` says how far: 0 is the usual pace, 1
 * the slowest voice and the longest pauses, -1 the fastest and shortest. Beyond 1, up to 2, pictures linger
 * without words, which only a film with an ambience does: the others would be silent there.
 */
import { endSeconds, leadInSeconds, pauseSeconds } from "./film.ts";
import { limits } from "./limits.ts";

/** The voice's tempo at the ends of the range, at the same pitch. Both still sound natural. */
const tempoAt = { slowest: 0.88, fastest: 1.06 };
/** The pause between scenes at the ends of the range, in seconds. */
const pauseAt = { longest: 0.9, shortest: 0.45 };
/**
 * The mean pause of a film at the ends of the range. Scenes have whole grid steps, and no pause may leave the
 * range from 0.4 to 0.9 s, so the means stay within the targets.
 *
 * @source mean over voices of 1.5 to 5 s, checked by render-worker/media/scene-timing.test.ts
 */
const reachedAt = { longest: 0.79, shortest: 0.55 };
/** The longest time that a picture lingers without words beyond the longest pause, in seconds. */
const longestLinger = 1.6;

const between = (from: number, to: number, part: number) => from + (to - from) * Math.min(1, part);

/** The factor on the tempo of a voice that was asked to speak at `speed`. */
export function tempoOf(breath: number, speed: number): number {
  const slowest = Math.min(1, Math.max(tempoAt.slowest, limits.speed.min / speed));
  const fastest = Math.max(1, Math.min(tempoAt.fastest, limits.speed.max / speed));
  return breath >= 0 ? between(1, slowest, breath) : between(1, fastest, -breath);
}

/** The pause between scenes, in seconds, whose usual length is `usual`. */
export function pauseOf(breath: number, usual: number = pauseSeconds): number {
  const linger = Math.max(0, breath - 1) * longestLinger;
  return breath >= 0
    ? between(usual, pauseAt.longest, breath) + linger
    : between(usual, pauseAt.shortest, -breath);
}

/** The mean pause between scenes that a film reaches, in seconds. */
export function reachedPause(breath: number): number {
  if (breath > 1) return pauseOf(breath);
  return between(pauseSeconds, breath >= 0 ? reachedAt.longest : reachedAt.shortest, Math.abs(breath));
}

/** What a film's length follows from. */
export interface Narrated {
  /** How long the usual voice takes to say it all, without `speed`. */
  spokenSeconds: number;
  scenes: number;
  speed: number;
}

/** The length of a film that breathes so, in seconds. */
export function filmSeconds({ spokenSeconds, scenes, speed }: Narrated, breath: number): number {
  const silent = leadInSeconds + (scenes - 1) * reachedPause(breath) + endSeconds;
  return spokenSeconds / (speed * tempoOf(breath, speed)) + silent;
}

/** The breath that brings the film nearest to `lengthSeconds`. */
export function chooseBreath(narrated: Narrated, lengthSeconds: number, mayLinger: boolean): number {
  let low = -1;
  let high = mayLinger ? 2 : 1;
  if (filmSeconds(narrated, high) <= lengthSeconds) return high;
  if (filmSeconds(narrated, low) >= lengthSeconds) return low;
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2;
    if (filmSeconds(narrated, middle) < lengthSeconds) low = middle;
    else high = middle;
  }
  return Math.round(low * 1_000) / 1_000;
}
