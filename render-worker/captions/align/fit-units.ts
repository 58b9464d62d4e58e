/** One sound of the script that has to be found in the recording, and the pause that may follow it. */
export interface Unit {
  /** Log-likelihood of each frame if it belongs to this unit. Units of one kind share the array. */
  scores: Float64Array;
  /** Expected length, and the standard deviation of its logarithm. */
  meanFrames: number;
  spread: number;
  /** Where this unit is about expected to end. */
  expectedEnd: number;
  /** Price of a pause after this unit; undefined where none may stand. */
  pauseCost?: number | undefined;
}

export interface Fit {
  /** Of each unit: its first frame, and the frame after its last. */
  starts: Int32Array;
  ends: Int32Array;
}

const longestUnitFrames = 60;
const longestOfMean = 4;
/** Shorter silences are the closures of stops. */
const shortestPauseFrames = 4;
/** How far a unit may lie from where it is expected: 8 s. Bounds time and memory for long recordings. */
const bandFrames = 800;

/**
 * Lays the units over the frames, in order, with no gaps but pauses, so that sounds and lengths agree best: the
 * Viterbi path of a hidden semi-Markov model. Silence before the first and after the last unit is free.
 * Null if the recording is too short to hold them. Time grows with units x min(frames, band).
 */
export function fitUnits(units: readonly Unit[], silence: Float64Array): Fit | null {
  const frames = silence.length;
  if (units.length > frames) return null;
  const quiet = accumulate(silence);
  const sums = new Map(units.map(({ scores }) => [scores, accumulate(scores)]));
  const steps: Step[] = [];
  let before = quiet;
  for (const unit of units) {
    const step = endUnit(unit, before, sums.get(unit.scores) as Float64Array);
    before = unit.pauseCost === undefined ? step.scores : allowPause(step, quiet, unit.pauseCost);
    steps.push(step);
  }
  let last = 0;
  for (let t = 1; t <= frames; t++) {
    if ((before[t] as number) - (quiet[t] as number) > (before[last] as number) - (quiet[last] as number))
      last = t;
  }
  return Number.isFinite(before[last]) && last > 0 ? traceBack(steps, last) : null;
}

/** What is known of all paths on which a unit ends, by the frame after its end. */
interface Step {
  low: number;
  high: number;
  /** Best score of everything so far. */
  scores: Float64Array;
  /** Length of the unit on that path, from frame `low` on. */
  lengths: Uint8Array;
  /** Where the unit ended if a pause follows up to here, else -1. Empty where no pause may stand. */
  pausedSince: Int32Array;
}

/** sums[t]: the scores of all frames before t. */
function accumulate(scores: Float64Array): Float64Array {
  const sums = new Float64Array(scores.length + 1);
  for (let t = 0; t < scores.length; t++) sums[t + 1] = (sums[t] as number) + (scores[t] as number);
  return sums;
}

function endUnit(unit: Unit, before: Float64Array, sums: Float64Array): Step {
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

/** Log-likelihood of each length, by number of frames. */
function scoreLengths({ meanFrames, spread }: Unit): Float64Array {
  return Float64Array.from({ length: longestUnitFrames + 1 }, (_, frames) => {
    const z = Math.log(frames / meanFrames) / spread;
    return -0.5 * z * z - Math.log(spread * frames);
  });
}

/** The step's scores with a pause of any length between this unit's end and the next unit's start. */
function allowPause(step: Step, quiet: Float64Array, cost: number): Float64Array {
  const { low, high, scores } = step;
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
