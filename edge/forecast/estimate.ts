/**
 * How long a job will take yet, and by how much that may be wrong. Two witnesses are heard: films of before, and the
 * job's own pace. The first is all there is at the start; the further the job is, the more its own pace counts.
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

/** Before so much is done, a job's own pace says nothing. */
const tellingShare = 0.1;
/** One film of before is no measure of how much films differ. */
const fewFilms = 3;
const fewError = 0.5;

/** Null where neither witness has anything to say. `progress` is in percent. */
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

/** Four of five earlier films lay within this of the middle one. */
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
