import { writeFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { sampleRate } from "../../../contract/film.ts";
import type { Span } from "../own-voice/find-silences.ts";
import { duckUnder } from "./duck.ts";
import { type Bed, synthesiseBed } from "./synthesise-bed.ts";

/** Raise this when the same description gives other samples: kept sounds are then made again. */
export const ambienceRecipe = 1;

/** The ambience of one scene, and what it needs to know of its neighbours. */
export interface SceneAmbience {
  bed: Bed;
  /** Spans with words, in seconds from the scene's start, in order. */
  speech: readonly Span[];
  samples: number;
  /** Null in the first scene. */
  earlier: { bed: Bed; samples: number; lastWordEndSeconds: number | null } | null;
  /** Null in the last scene. */
  next: Bed | null;
}

/** Beds cross over at the start of the later scene, as pictures do, but more slowly. */
const crossSamples = 1.5 * sampleRate;
const openingSamples = 1 * sampleRate;
const closingSamples = 1.9 * sampleRate;
const blockSamples = sampleRate;

/**
 * Writes the scene's ambience to the file `to`: stereo 32-bit floats at 48 kHz, ducked under the words. It
 * starts `context` samples before the scene and ends as many after it, with what its neighbours sound like
 * there, so that scenes that are encoded one by one join without a seam.
 */
export async function writeAmbience(ambience: SceneAmbience, context: number, to: string): Promise<void> {
  const { samples } = ambience;
  const { earlier } = ambience;
  const before = earlier?.lastWordEndSeconds ?? null;
  const past = before === null ? null : before - (earlier?.samples ?? 0) / sampleRate;
  const duck = duckUnder([
    ...(past === null ? [] : [{ startSeconds: past - 1, endSeconds: past }]),
    ...ambience.speech,
  ]);
  const blocks: Float32Array[] = [];
  for (let from = -context; from < samples + context; from += blockSamples) {
    const until = Math.min(samples + context, from + blockSamples);
    const block = mixBlock(ambience, from, until);
    for (let i = 0; i < block.length; i++)
      block[i] = (block[i] as number) * duck((from + (i >> 1)) / sampleRate);
    blocks.push(block);
    // A long scene would stop the event loop for too long.
    await setImmediate();
  }
  await writeFile(to, blocks);
}

/** The scene's own bed and its neighbours' within `from` to `until`, each with its fades. */
function mixBlock({ bed, samples, earlier, next }: SceneAmbience, from: number, until: number): Float32Array {
  const mixed = new Float32Array(2 * (until - from));
  const add = (one: Bed, start: number, end: number, offset: number, gain: (at: number) => number) => {
    const [first, last] = [Math.max(from, start), Math.min(until, end)];
    if (first >= last) return;
    const sound = synthesiseBed(one, first - offset, last - offset);
    for (let i = 0; i < sound.length; i++) {
      const to = 2 * (first - from) + i;
      mixed[to] = (mixed[to] as number) + (sound[i] as number) * gain(first + (i >> 1));
    }
  };
  const opening = earlier ? crossSamples : openingSamples;
  const closes = (at: number) =>
    next ? fadeOut((at - samples) / crossSamples) : fadeOut((at - samples) / closingSamples + 1);
  add(bed, 0, next ? samples + crossSamples : samples, 0, (at) => fadeIn(at / opening) * closes(at));
  if (earlier)
    add(earlier.bed, Number.NEGATIVE_INFINITY, crossSamples, -earlier.samples, (at) =>
      fadeOut(at / crossSamples),
    );
  if (next)
    add(next, samples, Number.POSITIVE_INFINITY, samples, (at) => fadeIn((at - samples) / crossSamples));
  return mixed;
}

/** Equal power, so that two different sounds keep their level while they cross. */
const fadeIn = (part: number) => (part >= 1 ? 1 : Math.sin((Math.PI / 2) * Math.max(0, part)));
const fadeOut = (part: number) => (part <= 0 ? 1 : Math.cos((Math.PI / 2) * Math.min(1, part)));
