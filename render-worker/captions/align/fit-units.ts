/** One sound of the script that must be found in the recording, and the pause that may follow it. */
export interface Unit {
  /** The log-likelihood of each frame if it belongs to this unit. Units of one kind share the array. */
  scores: Float64Array;
  /** The expected length, and the standard deviation of its logarithm. */
  meanFrames: number;
  spread: number;
  /** The frame near which this unit should end. */
  expectedEnd: number;
  /** The cost of a pause after this unit; undefined if there can be none. */
  pauseCost?: number | undefined;
}

export interface Fit {
  /** For each unit its first frame, and the frame after its last. */
  starts: Int32Array;
  ends: Int32Array;
}

const longestUnitFrames = 60;
const longestOfMean = 4;
/** A shorter silence is the closure of a stop. */
const shortestPauseFrames = 4;
/** How far a unit may lie from where it is expected: 8 s. This bounds time and memory for long recordings. */
const bandFrames = 800;

/**
 * Places the units on the frames, in order and without gaps other than pauses, so that sounds and lengths fit
 * best: the Viterbi path of a hidden semi-Markov model. Silence before the first and after the last unit is
 * free. Time grows with units x min(frames, band).
 *
 * @returns null if the recording is too short for the units
 */
export function fitUnits(units: readonly Unit[], silence: Float64Array): Fit | null {
  const frames = silence.length;
  if (units.length > frames) return null;
  const quiet = accumulate(silence);
  const sums = new Map(units.map(({ scores }) => [scores, accumulate(scores)]));
  const steps: Step[] = [];
  let before = quiet;
  for (const unit of units) {
    const { scores, ...step } = endUnit(unit, before, sums.get(unit.scores) as Float64Array);
    before = unit.pauseCost === undefined ? scores : allowPause(step, scores, quiet, unit.pauseCost);
    steps.push(step);
  }
  let last = 0;
  for (let t = 1; t <= frames; t++) {
    if ((before[t] as number) - (quiet[t] as number) > (before[last] as number) - (quiet[last] as number))
      last = t;
  }
  return Number.isFinite(before[last]) && last > 0 ? traceBack(steps, last) : null;
}

/** The best paths on which a unit ends, by the frame after its end. */
interface Step {
  low: number;
  high: number;
  /** The unit's length on that path, from frame `low` on. */
  lengths: Uint8Array;
  /** The unit's end if a pause follows it up to this frame, else -1. Empty if no pause is allowed. */
  pausedSince: Int32Array;
}

/** sums[t] is the score of all frames before t. */
function accumulate(scores: Float64Array): Float64Array {
  const sums = new Float64Array(scores.length + 1);
  for (let t = 0; t < scores.length; t++) sums[t + 1] = (sums[t] as number) + (scores[t] as number);
  return sums;
}

/** The step, and the best score up to each frame. */
function endUnit(unit: Unit, before: Float64Array, sums: Float64Array): Step & { scores: Float64Array } {
  const frames = sums.length - 1;
  const low = Math.max(1, Math.min(unit.expectedEnd - bandFrames, frames - 2 * bandFrames));
  const high = Math.min(frames, low + 2 * bandFrames);
  const scores = new Float64Array(frames + 1).fill(Number.NEGATIVE_INFINITY);
  const lengths = new Uint8Array(Math.max(0, high - low + 1));
  const lengthScores = scoreLengths(unit);
  const reach = Math.min(longestUnitFrames, Math.ceil(unit.meanFrames * longestOfMean) + 2);
  for (let t = low; t <= high; t++) {
    let best = Number.NEGATIVE_INFINITY;
    let bestLength = 0;
    const longest = Math.min(reach, t);
    for (let length = 1; length <= longest; length++) {
      const from = t - length;
      const score = (before[from] as number) - (sums[from] as number) + (lengthScores[length] as number);
      if (score > best) {
        best = score;
        bestLength = length;
      }
    }
    scores[t] = best + (sums[t] as number);
    lengths[t - low] = bestLength;
  }
  return { low, high, scores, lengths, pausedSince: new Int32Array(0) };
}

/** The log-likelihood of each length, by number of frames. */
function scoreLengths({ meanFrames, spread }: Unit): Float64Array {
  return Float64Array.from({ length: longestUnitFrames + 1 }, (_, frames) => {
    const z = Math.log(frames / meanFrames) / spread;
    return -0.5 * z * z - Math.log(spread * frames);
  });
}

/** The step's scores with an optional pause of any length after this unit. */
function allowPause(step: Step, scores: Float64Array, quiet: Float64Array, cost: number): Float64Array {
  const { low, high } = step;
  const after = Float64Array.from(scores);
  step.pausedSince = new Int32Array(high - low + 1).fill(-1);
  let best = Number.NEGATIVE_INFINITY;
  let since = -1;
  for (let t = low + shortestPauseFrames; t <= high; t++) {
    const from = t - shortestPauseFrames;
    const entering = (scores[from] as number) - (quiet[from] as number) - cost;
    if (entering > best) {
      best = entering;
      since = from;
    }
    if (best + (quiet[t] as number) <= (after[t] as number)) continue;
    after[t] = best + (quiet[t] as number);
    step.pausedSince[t - low] = since;
  }
  return after;
}

function traceBack(steps: readonly Step[], last: number): Fit {
  const starts = new Int32Array(steps.length);
  const ends = new Int32Array(steps.length);
  let at = last;
  for (let j = steps.length - 1; j >= 0; j--) {
    const { low, lengths, pausedSince } = steps[j] as Step;
    const since = pausedSince[at - low] ?? -1;
    if (since >= 0) at = since;
    ends[j] = at;
    at -= lengths[at - low] as number;
    starts[j] = at;
  }
  return { starts, ends };
}
