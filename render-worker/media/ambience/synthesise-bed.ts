/**
 * The sound of a scene's ambience: slow chords and filtered noise, computed here, so that no licence applies.
 * The same description gives the same samples, from any sample on.
 */
import { sampleRate } from "../../../contract/film.ts";
import type { Mood, Texture } from "./choose-mood.ts";

/** What determines the samples of a scene's ambience. */
export interface Bed {
  mood: Mood;
  texture: Texture;
  /** The scene's index: each scene has the next chord of its mood. */
  scene: number;
  /** 32 bits; a dream's films have the same. */
  seed: number;
  /** Factor on the usual level. */
  gain: number;
}

/** Chords in semitones above the root. */
const chords: Record<Mood, readonly (readonly number[])[]> = {
  calm: [
    [0, 7, 12, 16],
    [-3, 4, 12, 16],
    [5, 12, 17, 21],
  ],
  wonder: [
    [0, 7, 14, 19],
    [2, 9, 14, 18],
    [-2, 5, 12, 17],
  ],
  dark: [
    [0, 7, 12, 15],
    [-4, 3, 8, 15],
    [-2, 5, 10, 13],
  ],
};
const roots = [98, 103.83, 110, 116.54, 123.47];

/** The noise of each texture: a band, and how much and how often it swells. */
const noises: Record<Texture, { low: number; high: number; swell: number; swellHz: number; gain: number }> = {
  water: { low: 180, high: 1_100, swell: 0.7, swellHz: 0.13, gain: 1.1 },
  wind: { low: 240, high: 620, swell: 0.6, swellHz: 0.09, gain: 1.7 },
  night: { low: 900, high: 2_600, swell: 0.3, swellHz: 0.17, gain: 0.4 },
  room: { low: 60, high: 240, swell: 0.2, swellHz: 0.07, gain: 1.6 },
};

/** The level of the chords' loudest note, before the bed's gain. */
const chordGain = 0.018;
const noiseGain = 0.18;
/** So long a filter remembers what it heard. */
const warmUpSamples = sampleRate / 4;

/** Uniform on -1 to 1, the same for the same numbers. */
function random(seed: number, index: number): number {
  let x = Math.imul(index ^ seed, 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) / 2 ** 31;
}

/**
 * Samples `from` to `to` of the bed at 48 kHz, as interleaved stereo of about -32 dBFS. `from` may be
 * negative.
 */
export function synthesiseBed(bed: Bed, from: number, to: number): Float32Array {
  const samples = new Float32Array(2 * (to - from));
  for (const channel of [0, 1] as const) {
    addChord(samples, bed, channel, from);
    addNoise(samples, bed, channel, from);
  }
  if (bed.gain !== 1) for (const [i, sample] of samples.entries()) samples[i] = sample * bed.gain;
  return samples;
}

function addChord(samples: Float32Array, { mood, scene, seed }: Bed, channel: 0 | 1, from: number): void {
  const notes = chords[mood][scene % chords[mood].length] as readonly number[];
  const root = roots[(seed >>> 3) % roots.length] as number;
  for (const [i, semitones] of notes.entries())
    for (const side of [-1, 1]) {
      const voice = 8 * i + 2 * channel + (side + 1) / 2;
      const detune = 1 + side * 0.0012 + channel * 0.0005;
      const hz = root * 2 ** (semitones / 12) * detune;
      const swellHz = 0.05 + 0.04 * (1 + random(seed, voice + 100));
      addTone(samples, channel, from, {
        step: (2 * Math.PI * hz) / sampleRate,
        phase: Math.PI * random(seed ^ scene, voice),
        swellStep: (2 * Math.PI * swellHz) / sampleRate,
        swellPhase: Math.PI * random(seed ^ scene, voice + 200),
        gain: chordGain / (1 + 0.45 * i),
      });
    }
}

interface Tone {
  step: number;
  phase: number;
  swellStep: number;
  swellPhase: number;
  gain: number;
}

/** Sines by rotation, which costs four multiplications a sample instead of a call. */
function addTone(samples: Float32Array, channel: 0 | 1, from: number, tone: Tone): void {
  const { step, phase, swellStep, swellPhase, gain } = tone;
  let sine = Math.sin(phase + step * from);
  let cosine = Math.cos(phase + step * from);
  let swell = Math.sin(swellPhase + swellStep * from);
  let coswell = Math.cos(swellPhase + swellStep * from);
  const [c, s, cs, ss] = [Math.cos(step), Math.sin(step), Math.cos(swellStep), Math.sin(swellStep)];
  for (let at = channel; at < samples.length; at += 2) {
    samples[at] = (samples[at] as number) + gain * (0.65 + 0.35 * swell) * sine;
    const turned = sine * c + cosine * s;
    cosine = cosine * c - sine * s;
    sine = turned;
    const swelled = swell * cs + coswell * ss;
    coswell = coswell * cs - swell * ss;
    swell = swelled;
  }
}

/** White noise through two low-pass and two high-pass filters of one pole each. */
function addNoise(samples: Float32Array, { texture, scene, seed }: Bed, channel: 0 | 1, from: number): void {
  const { low, high, swell, swellHz, gain } = noises[texture];
  const own = seed ^ Math.imul(scene + 1, 0x632be5ab) ^ Math.imul(channel + 1, 0x1b873593);
  const [a, b] = [
    1 - Math.exp((-2 * Math.PI * high) / sampleRate),
    1 - Math.exp((-2 * Math.PI * low) / sampleRate),
  ];
  const step = (2 * Math.PI * swellHz) / sampleRate;
  const phase = Math.PI * random(seed ^ scene, 300);
  let lowA = 0;
  let lowB = 0;
  let slowA = 0;
  let slowB = 0;
  for (let at = -warmUpSamples; at < samples.length / 2; at++) {
    lowA += a * (random(own, from + at) - lowA);
    lowB += a * (lowA - lowB);
    slowA += b * (lowB - slowA);
    const passed = lowB - slowA;
    slowB += b * (passed - slowB);
    if (at < 0) continue;
    const level = noiseGain * gain * (1 - swell / 2 + (swell / 2) * Math.sin(phase + step * (from + at)));
    const index = 2 * at + channel;
    samples[index] = (samples[index] as number) + level * (passed - slowB);
  }
}
