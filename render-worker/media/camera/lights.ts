/** Small lights that rise slowly through the frame, each with its own size, way and rhythm. */
import type { Kernel } from "./draw.ts";
import { planeSizes } from "./layout.ts";
import type { Size } from "./plan.ts";

/** A light at one moment; lengths in parts of the frame's width, or height for `y`. */
export interface Light {
  x: number;
  y: number;
  radius: number;
  /** How bright its middle is, 0 to 1. */
  level: number;
}

/** One in so many is large and faint, as if out of focus. */
const largeOnes = 6;
/** Luma and chroma of a warm white. */
const colours = [230, 112, 138] as const;

/** What stays the same of a light during a scene, each from 0 to 1. */
export type Character = readonly [
  column: number,
  start: number,
  depth: number,
  rhythm: number,
  phase: number,
];

/** The lights of a scene. The same scene has the same lights. */
export function charactersOf(scene: number, count: number): Character[] {
  const random = startRandom(scene + 1);
  return Array.from({ length: count }, () => [random(), random(), random(), random(), random()] as const);
}

/** The lights at a frame of their scene's picture. */
export function lightsAt(lights: readonly Character[], frame: number): Light[] {
  return lights.map(([column, start, depth, rhythm, phase], index) => {
    const isLarge = index % largeOnes === 0;
    // A life is the way from below to above; it begins and ends in the dark.
    const life = (start + frame / (420 + 500 * depth)) % 1;
    const sway = Math.sin(2 * Math.PI * (frame / (150 + 190 * rhythm) + phase));
    const glow = 0.72 + 0.28 * Math.sin(2 * Math.PI * (frame / (50 + 70 * phase) + rhythm));
    const seen = Math.sin(Math.PI * life) ** 1.5;
    return {
      x: column + 0.012 * sway,
      y: 1.05 - 1.1 * life,
      radius: isLarge ? 0.009 + 0.012 * depth : 0.0016 + 0.0036 * (1 - depth) ** 2,
      level: seen * glow * (isLarge ? 0.1 + 0.07 * rhythm : 0.35 + 0.5 * rhythm),
    };
  });
}

/** Draws the lights of a scene, at a frame of its picture, on a frame at `target`. */
export function drawLights(
  kernel: Kernel,
  characters: readonly Character[],
  frame: number,
  filmSize: Size,
  target: number,
): void {
  const lights = lightsAt(characters, frame);
  let at = target;
  for (const [plane, { width, height }] of planeSizes(filmSize).entries()) {
    for (const { x, y, radius, level } of lights)
      kernel.addLight(
        at,
        width,
        height,
        x * width,
        y * height,
        Math.max(1, radius * width),
        plane === 0 ? level : level * tint,
        colours[plane] as number,
      );
    at += width * height;
  }
}

/** How much a light colours what it lies on. */
const tint = 0.7;

/** Numbers from 0 to 1, the same for the same seed. */
function startRandom(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
