import type { Estimate } from "./estimate.ts";

/** Who will be served before a job that waits, and by how many. Counts end at `mostCounted`. */
export interface Line {
  /** Of the same queue, before it. */
  ahead: number;
  /** Of the other queue, all. */
  others: number;
  /** Jobs that are being made, and how many the machines that are up can make at once. */
  running: number;
  slots: number;
}

/** As the workers pull: of five rounds one begins with the standard queue. See render-worker/loop.ts. */
const premiumShare = 4 / 5;
/** Before any machine has reported: one, which has to start first. */
const sleepingPool = { slots: 2, startSeconds: 15 };
/** How far apart a film's usual time and the next one's lie, where nothing better is known. */
const fewError = 0.5;

/**
 * When the film of a job that waits can be fetched: its own time, and that of the rounds of films before it. `film`
 * is how long films like it take. Errors of rounds add up like those of independent films, so by the square root.
 */
export function estimateWait(priority: "standard" | "premium", line: Line, film: Estimate): Estimate {
  const isAsleep = line.slots === 0;
  const slots = isAsleep ? sleepingPool.slots : line.slots;
  const ahead = line.ahead + overtaking(priority, line);
  // The running ones are halfway on average; a free slot takes the next job at once.
  const rounds = Math.max(0, (ahead + 1 - Math.max(0, slots - line.running)) / slots);
  const waitSeconds = (rounds > 0 ? Math.max(rounds - 0.5, 0.5 / slots) : 0) * film.etaSeconds;
  const startSeconds = isAsleep ? sleepingPool.startSeconds : 0;
  const error =
    film.errorSeconds * Math.sqrt(1 + rounds) + startSeconds + (rounds > 0 ? fewError * film.etaSeconds : 0);
  return { etaSeconds: tenths(waitSeconds + film.etaSeconds + startSeconds), errorSeconds: tenths(error) };
}

/** Jobs of the other queue that will be served before a job with so many before it in its own. */
function overtaking(priority: "standard" | "premium", { ahead, others }: Line): number {
  const share = priority === "standard" ? premiumShare : 1 - premiumShare;
  return Math.min(others, Math.floor(((ahead + 1) * share) / (1 - share)));
}

const tenths = (seconds: number) => Math.round(seconds * 10) / 10;
