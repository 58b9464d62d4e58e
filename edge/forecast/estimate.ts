/**
 * How long a job will still take, and by how much that may be wrong. The estimate has two sources: earlier
 * films, and the job's own pace. At the start only earlier films count; the further the job is, the more its
 * own pace counts.
 */

/** How long an earlier film took: its scenes together, and everything before and after them. Seconds. */
export interface StageTimings {
  scenes: number;
  scenesSeconds: number;
  otherSeconds: number;
}

export interface Estimate {
  etaSeconds: number;
  errorSeconds: number;
}

/** Below this share of the work, a job's own pace is not used. */
const tellingShare = 0.1;
/** With fewer earlier films their scatter is unknown. */
const fewFilms = 3;
/** The error that is assumed then, as a share of the estimate. */
const fewError = 0.5;

/**
 * The time that a running job still needs; null if there is neither an earlier film nor progress. `progress`
 * is in percent.
 */
export function estimate(
  films: readonly StageTimings[],
  job: { progress: number; scenesTotal: number | null; elapsedSeconds: number },
): Estimate | null {
  const done = Math.min(job.progress, 99) / 100;
  const own = done >= tellingShare ? job.elapsedSeconds / done : null;
  const totals = films.map((film) => totalOf(film, job.scenesTotal)).sort((a, b) => a - b);
  const usual = totals.length > 0 ? quantile(totals, 0.5) : null;
  const total = usual === null ? own : own === null ? usual : done * own + (1 - done) * usual;
  if (total === null) return null;
  const scatter = usual === null ? fewError * total : scatterOf(totals, usual);
  const disagreement = own === null || usual === null ? 0 : Math.abs(own - usual) * (1 - done);
  const left = 1 - done;
  return {
    etaSeconds: tenths(total * left),
    errorSeconds: tenths(Math.max(left * Math.max(scatter, disagreement), 1)),
  };
}

/** How long a film of so many scenes would have taken at the pace of `film`. Seconds. */
function totalOf(film: StageTimings, scenesTotal: number | null): number {
  return film.otherSeconds + (film.scenesSeconds * (scenesTotal ?? film.scenes)) / film.scenes;
}

/** The distance from the median within which 80 % of the earlier films lie. Seconds. */
function scatterOf(totals: readonly number[], usual: number): number {
  if (totals.length < fewFilms) return fewError * usual;
  return Math.max(quantile(totals, 0.9) - usual, usual - quantile(totals, 0.1));
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? 0;
  const above = sorted[Math.ceil(place)] ?? below;
  return below + (above - below) * (place - Math.floor(place));
}

const tenths = (seconds: number) => Math.round(seconds * 10) / 10;

/** The jobs before a job that waits, and the slots that serve them. Counts end at `mostCounted`. */
export interface Line {
  /** Jobs of the same queue that come first. */
  ahead: number;
  /** All jobs of the other queue. */
  others: number;
  /** Jobs that are being made, and the number that the running machines can make at once. */
  running: number;
  slots: number;
  /** When the last of the machines counts as gone, in ms since 1970; null if none has ever reported. */
  goneAt?: number | null;
}

/** Of five pulls of a worker, one begins with the standard queue. See render-worker/loop.ts. */
const premiumShare = 4 / 5;
/** Assumed if no machine runs: one machine, which has to start first. */
const sleepingPool = { slots: 2, startSeconds: 15 };

/**
 * The time until the film of a waiting job is ready: its own time, and that of the rounds of films before it.
 *
 * @param film how long films like it take. Errors of rounds add up like those of independent films: by the
 * square root
 */
export function estimateWait(priority: "standard" | "premium", line: Line, film: Estimate): Estimate {
  const isAsleep = line.slots === 0;
  const slots = isAsleep ? sleepingPool.slots : line.slots;
  const ahead = line.ahead + overtaking(priority, line);
  // On average a running job is halfway; a free slot takes the next job at once.
  const rounds = Math.max(0, (ahead + 1 - Math.max(0, slots - line.running)) / slots);
  const waitSeconds = (rounds > 0 ? Math.max(rounds - 0.5, 0.5 / slots) : 0) * film.etaSeconds;
  const startSeconds = isAsleep ? sleepingPool.startSeconds : 0;
  const error =
    film.errorSeconds * Math.sqrt(1 + rounds) + startSeconds + (rounds > 0 ? fewError * film.etaSeconds : 0);
  return { etaSeconds: tenths(waitSeconds + film.etaSeconds + startSeconds), errorSeconds: tenths(error) };
}

/** Jobs of the other queue that are served before a job with `ahead` jobs before it in its own queue. */
function overtaking(priority: "standard" | "premium", { ahead, others }: Line): number {
  const share = priority === "standard" ? premiumShare : 1 - premiumShare;
  return Math.min(others, Math.floor(((ahead + 1) * share) / (1 - share)));
}
