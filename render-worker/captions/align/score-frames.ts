import { featureCount } from "./extract-features.ts";
import type { Kind, Shape, SoundModel } from "./sound-model.ts";

export type FrameScores = Readonly<Record<Kind, Float64Array>>;

/**
 * The weight of a frame's features against the expected lengths. It is far below 1, because the features of a
 * frame and of its neighbours repeat each other. Chosen on the "fit" sentences: values of 0.1-0.3 are within
 * 3 ms of each other, 0.8 doubles p90.
 */
const soundWeight = 0.2;
/** A feature's deviation is clipped here: a frame further off is no stronger evidence against a kind. */
const furthestDeviations = 4;
/** The weight of the general model when it is adapted to a voice, in frames of the recording. */
const priorFrames = 40;

/** The log-likelihood of every frame for every kind of sound. */
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

/** The model adapted to this voice and microphone, by the kind that was found for each frame. */
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
