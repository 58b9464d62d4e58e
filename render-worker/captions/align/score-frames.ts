import { featureCount } from "./hear-frames.ts";
import type { Kind, Shape, SoundModel } from "./sound-model.ts";

export type FrameScores = Readonly<Record<Kind, Float64Array>>;

/**
 * How far a frame's features count against expected lengths. Features of one frame and its neighbours say the same
 * thing again, so far below 1. Chosen on the "fit" sentences: 0.1-0.3 are within 3 ms of each other, 0.8 doubles p90.
 */
const soundWeight = 0.2;
/** A frame further off than this many deviations in one feature is no better evidence against a kind. */
const furthestDeviations = 4;
/** Frames that the general model counts for against those of this recording, when it is adapted to the voice. */
const priorFrames = 40;

/** Log-likelihood of every frame under every kind of sound. */
export function scoreFrames(features: Float32Array, model: SoundModel): FrameScores {
  const scores = Object.entries(model).map(([kind, shape]) => [kind, scoreKind(features, shape)]);
  return Object.fromEntries(scores) as Record<Kind, Float64Array>;
}

function scoreKind(features: Float32Array, { mean, deviation }: Shape): Float64Array {
  const base = deviation.reduce((total, d) => total + Math.log(d), 0);
  return Float64Array.from({ length: features.length / featureCount }, (_, t) => {
    let score = -base;
    for (let f = 0; f < featureCount; f++) {
      const z = ((features[t * featureCount + f] as number) - (mean[f] as number)) / (deviation[f] as number);
      score -= 0.5 * Math.min(z * z, furthestDeviations ** 2);
    }
    return soundWeight * score;
  });
}

/** The model moved towards this voice and microphone, given what each frame was found to be. */
export function adaptModel(model: SoundModel, features: Float32Array, kinds: readonly Kind[]): SoundModel {
  const adapted = Object.entries(model).map(([kind, shape]) => {
    const total = shape.mean.map((value) => value * priorFrames);
    let weight = priorFrames;
    for (const [t, found] of kinds.entries()) {
      if (found !== kind) continue;
      weight++;
      for (let f = 0; f < featureCount; f++) {
        total[f] = (total[f] as number) + (features[t * featureCount + f] as number);
      }
    }
    return [kind, { ...shape, mean: total.map((value) => value / weight) }];
  });
  return Object.fromEntries(adapted) as SoundModel;
}
