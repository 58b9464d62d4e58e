import {
  extractFeatures,
  featureCount,
  type Recording,
} from "../../render-worker/captions/align/extract-features.ts";
import { fitUnits } from "../../render-worker/captions/align/fit-units.ts";
import { scoreFrames } from "../../render-worker/captions/align/score-frames.ts";
import {
  isVowel,
  type Kind,
  type Shape,
  type SoundModel,
} from "../../render-worker/captions/align/sound-model.ts";
import { spellWord } from "../../render-worker/captions/align/spell-word.ts";
import type { Truth } from "../../tests/captions/speak-truth.ts";

const rounds = 8;

/** One word of a recording: its sounds in order, and the audio from its start to the next word's start. */
interface Sample {
  sounds: readonly Kind[];
  features: Float32Array;
}

/**
 * Fits the sound model to recordings with known word times, by Viterbi training: the current model assigns
 * the frames of each word to its sounds, then each kind's shape is computed again from its frames.
 */
export function fitModel(recordings: readonly { truth: Truth; recording: Recording }[]): SoundModel {
  const samples = recordings.flatMap(({ truth, recording }) => cutWords(truth, recording));
  let model = firstGuess;
  for (let round = 0; round < rounds; round++) model = refit(model, samples);
  return model;
}

function cutWords({ text, language, starts }: Truth, recording: Recording): Sample[] {
  const features = extractFeatures(recording);
  return starts.flatMap(([place, startMs], i) => {
    const next = starts[i + 1] ?? [text.length, Number.POSITIVE_INFINITY];
    const sounds = [...spellWord(text.slice(place, next[0]).trim(), language)] as Kind[];
    const from = Math.round(startMs / 10) * featureCount;
    const sample = { sounds, features: features.slice(from, Math.round(next[1] / 10) * featureCount) };
    return sounds.length > 0 && sample.features.length / featureCount > sounds.length ? [sample] : [];
  });
}

class Tally {
  count = 0;
  sum = new Array<number>(featureCount).fill(0);
  squares = new Array<number>(featureCount).fill(0);
  logLengths: number[] = [];

  addFrame(features: Float32Array, frame: number): void {
    this.count++;
    for (let f = 0; f < featureCount; f++) {
      const value = features[frame * featureCount + f] as number;
      this.sum[f] = (this.sum[f] as number) + value;
      this.squares[f] = (this.squares[f] as number) + value * value;
    }
  }

  shape(): Shape {
    const mean = this.sum.map((total) => total / this.count);
    const deviation = this.squares.map((total, f) =>
      Math.max(2.5, Math.sqrt(total / this.count - (mean[f] as number) ** 2)),
    );
    const { mean: log, deviation: spread } = describe(this.logLengths);
    return {
      mean: mean.map((value) => Math.round(value * 10) / 10),
      deviation: deviation.map((value) => Math.round(value * 10) / 10),
      frames: Math.round(Math.exp(log + spread ** 2 / 4) * 10) / 10,
      spread: Math.round(Math.max(0.3, spread) * 100) / 100,
    };
  }
}

function describe(values: readonly number[]): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: Math.log(10), deviation: 0.45 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

function refit(model: SoundModel, samples: readonly Sample[]): SoundModel {
  const tallies = Object.fromEntries(Object.keys(model).map((kind) => [kind, new Tally()])) as Record<
    Kind,
    Tally
  >;
  for (const { sounds, features } of samples) {
    const scores = scoreFrames(features, model);
    const frames = features.length / featureCount;
    const units = sounds.map((kind) => ({
      scores: scores[kind],
      meanFrames: model[kind].frames,
      spread: 0.5,
      expectedEnd: frames,
    }));
    const fit = fitUnits(units, scores["."]);
    if (!fit) continue;
    const last = fit.ends.at(-1) as number;
    for (let t = 0; t < frames; t++) {
      const unit = fit.starts.findLastIndex((start) => start <= t);
      tallies[t >= last || unit < 0 ? "." : (sounds[unit] as Kind)].addFrame(features, t);
    }
    for (const [i, kind] of sounds.entries()) {
      tallies[kind].logLengths.push(Math.log((fit.ends[i] as number) - (fit.starts[i] as number)));
    }
  }
  const shapes = Object.entries(tallies).map(([kind, tally]) => [kind, tally.shape()]);
  return Object.fromEntries(shapes) as SoundModel;
}

/** The first model, from phonetics: vowels are loud and low, hisses are high, stops begin with silence. */
const firstGuess = Object.fromEntries(
  Object.entries({
    a: [-5, -8, -4, -6, -12, -15, -20, -28],
    i: [-6, -5, -6, -18, -12, -12, -16, -24],
    u: [-6, -6, -3, -10, -20, -25, -30, -35],
    "@": [-9, -6, -5, -10, -12, -16, -20, -28],
    N: [-12, -2, -8, -18, -18, -20, -26, -34],
    L: [-10, -4, -5, -10, -15, -20, -25, -30],
    S: [-18, -20, -22, -22, -16, -10, -6, -3],
    F: [-28, -8, -8, -9, -9, -9, -9, -9],
    T: [-35, -8, -8, -9, -9, -9, -9, -9],
    D: [-20, -3, -8, -16, -18, -20, -22, -24],
    ".": [-50, -9, -9, -9, -9, -9, -9, -9],
  }).map(([kind, [level = 0, ...bands]]): [string, Shape] => [
    kind,
    {
      mean: [level, 0, ...bands],
      deviation: [8, 8, ...bands.map(() => 6)],
      frames: isVowel(kind) ? 9 : 7,
      spread: 0.45,
    },
  ]),
) as SoundModel;
