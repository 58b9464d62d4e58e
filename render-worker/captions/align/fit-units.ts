/** One stretch of the script that must be found in the sound: a speech sound, and the pause that may follow it. */
export interface Unit {
  /** Log-likelihood of each frame, if the frame belongs to this unit. Shared between units of one kind. */
  scores: Float64Array;
  /** Expected length in frames, and its spread (standard deviation of the logarithm). */
  meanFrames: number;
  spread: number;
  /** Cost of a pause after this unit, and per frame of it; undefined where none may stand. */
  pause?: { enterCost: number; frameCost: number } | undefined;
}

export interface Fit {
  /** First frame of each unit and the frame after its last. */
  start: Int32Array;
  end: Int32Array;
}

const longestUnitFrames = 45;
const shortestPauseFrames = 4;

/**
 * Lays the units over the frames, in order and without gaps but for pauses, so that sound and lengths agree best
 * (Viterbi over a hidden semi-Markov model). The first unit is the silence before the first word.
 * Time and memory grow with units x frames in the band; `bandFrames` bounds how far a unit may stray from an even pace.
 */
export function fitUnits(units: readonly Unit[], silence: Float64Array, frames: number, bandFrames: number): Fit | null {
  const count = units.length;
  const sums = new Map<Float64Array, Float64Array>();
  const cumulate = (scores: Float64Array) => {
    let sum = sums.get(scores);
    if (!sum) {
      sum = new Float64Array(frames + 1);
      for (let t = 0; t < frames; t++) sum[t + 1] = (sum[t] as number) + (scores[t] as number);
      sums.set(scores, sum);
    }
    return sum;
  };
  const lengths = new Map<string, Float64Array>();
  const quiet = cumulate(silence);
  // before[t]: best score of everything up to frame t, the next unit starting there. Leading silence costs nothing.
  let before = Float64Array.from({ length: frames + 1 }, (_, t) => quiet[t] as number);
  const width = Math.min(frames, 2 * bandFrames) + 1;
  const tookFrames = new Uint8Array(count * width);
  const pausedFrom = new Int32Array(count * width).fill(-1);
  const offsets = new Int32Array(count);
  let meanSoFar = 0;
  const meanAll = units.reduce((sum, unit) => sum + unit.meanFrames, 0);
  for (const [j, unit] of units.entries()) {
    meanSoFar += unit.meanFrames;
    const centre = Math.round((meanSoFar / meanAll) * frames);
    const low = Math.max(1, Math.min(centre - bandFrames, frames - width + 1));
    offsets[j] = low;
    const sum = cumulate(unit.scores);
    const key = `${unit.meanFrames.toFixed(2)}/${unit.spread}`;
    let lengthScores = lengths.get(key);
    if (!lengthScores) {
      lengthScores = Float64Array.from({ length: longestUnitFrames + 1 }, (_, d) => scoreLength(d, unit));
      lengths.set(key, lengthScores);
    }
    const ended = new Float64Array(frames + 1).fill(Number.NEGATIVE_INFINITY);
    const high = Math.min(frames, low + width - 1);
    for (let t = low; t <= high; t++) {
      let best = Number.NEGATIVE_INFINITY;
      let bestLength = 0;
      for (let d = 1; d <= longestUnitFrames && d <= t; d++) {
        const score = (before[t - d] as number) - (sum[t - d] as number) + (lengthScores[d] as number);
        if (score > best) {
          best = score;
          bestLength = d;
        }
      }
      ended[t] = best + (sum[t] as number);
      tookFrames[j * width + t - low] = bestLength;
    }
    before = unit.pause ? allowPause(ended, quiet, unit.pause, low, high, pausedFrom, j * width) : ended;
  }
  return trace(before, quiet, tookFrames, pausedFrom, offsets, count, width, frames);
}

/** Logarithm of how likely `frames` is as the unit's length. */
function scoreLength(frames: number, { meanFrames, spread }: Unit): number {
  if (frames === 0) return Number.NEGATIVE_INFINITY;
  const z = Math.log(frames / meanFrames) / spread;
  return -0.5 * z * z - Math.log(spread * frames);
}

/** Scores with a pause of any length between this unit's end and the next unit's start. Notes where the pause began. */
function allowPause(
  ended: Float64Array,
  quiet: Float64Array,
  { enterCost, frameCost }: { enterCost: number; frameCost: number },
  low: number,
  high: number,
  pausedFrom: Int32Array,
  base: number,
): Float64Array {
  const after = Float64Array.from(ended);
  let best = Number.NEGATIVE_INFINITY;
  let bestFrom = -1;
  for (let t = low + shortestPauseFrames; t <= high; t++) {
    const from = t - shortestPauseFrames;
    const entering = (ended[from] as number) - (quiet[from] as number) + frameCost * from - enterCost;
    if (entering > best) {
      best = entering;
      bestFrom = from;
    }
    const score = best + (quiet[t] as number) - frameCost * t;
    if (score > (after[t] as number)) {
      after[t] = score;
      pausedFrom[base + t - low] = bestFrom;
    }
  }
  return after;
}

function trace(
  last: Float64Array,
  quiet: Float64Array,
  tookFrames: Uint8Array,
  pausedFrom: Int32Array,
  offsets: Int32Array,
  count: number,
  width: number,
  frames: number,
): Fit | null {
  let at = -1;
  let best = Number.NEGATIVE_INFINITY;
  for (let t = 1; t <= frames; t++) {
    const score = (last[t] as number) + (quiet[frames] as number) - (quiet[t] as number);
    if (score > best) {
      best = score;
      at = t;
    }
  }
  if (at < 0) return null;
  const fit: Fit = { start: new Int32Array(count), end: new Int32Array(count) };
  for (let j = count - 1; j >= 0; j--) {
    const cell = j * width + at - (offsets[j] as number);
    const from = pausedFrom[cell] as number;
    if (from >= 0) at = from;
    fit.end[j] = at;
    at -= tookFrames[j * width + at - (offsets[j] as number)] as number;
    fit.start[j] = at;
  }
  return fit;
}
