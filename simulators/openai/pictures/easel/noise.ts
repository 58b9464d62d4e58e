/** Noise from tiles that are computed once, so that a lookup costs a few nanoseconds. */
import { chanceOf } from "../../chance.ts";

const size = 512;
const mask = size - 1;

const cloud = makeFractal("cloud", 4, 7, 0.52);
const soft = makeFractal("soft", 4, 3, 0.45);
const white = makeWhite();

/** Fractal noise in 0..1, mean about 0.5; repeats every 1 in x and y. */
export const fbm = (x: number, y: number) => sample(cloud, x, y);

/** The same without fine detail. */
export const swell = (x: number, y: number) => sample(soft, x, y);

/** Fractal noise distorted by itself: wisps and curls. */
export function curl(x: number, y: number, bend: number): number {
  const dx = sample(soft, x + 0.37, y + 0.11) - 0.5;
  const dy = sample(soft, x + 0.71, y + 0.63) - 0.5;
  return sample(cloud, x + dx * bend, y + dy * bend);
}

/** Grain with a normal distribution of deviation 1, one value per pixel. */
export const grain = (x: number, y: number) => white[((y & mask) << 9) | (x & mask)] ?? 0;

/** A line of hills: fractal noise along one axis, about -1..1. `roughness` 0.3 rolls, 0.6 is rock. */
export function ridge(x: number, seed: number, octaves: number, roughness: number): number {
  let height = 0;
  let amplitude = 1;
  let total = 0;
  for (let i = 0; i < octaves; i++) {
    height += amplitude * wave(x * 2 ** i, seed + i * 17.31);
    total += amplitude;
    amplitude *= roughness;
  }
  return height / total;
}

function wave(x: number, seed: number): number {
  const i = Math.floor(x);
  const f = x - i;
  const t = f * f * f * (f * (f * 6 - 15) + 10);
  const a = dice(i, seed);
  return a + (dice(i + 1, seed) - a) * t;
}

function dice(i: number, seed: number): number {
  let h = Math.imul(i, 374761393) + Math.imul(Math.floor(seed * 1000), 668265263);
  h = Math.imul(h ^ (h >>> 13), 1274126177);
  return ((h ^ (h >>> 16)) >>> 0) / 2147483648 - 1;
}

function sample(tile: Float32Array, x: number, y: number): number {
  const fx = x * size;
  const fy = y * size;
  const ix = Math.floor(fx);
  const iy = Math.floor(fy);
  const tx = fx - ix;
  const ty = fy - iy;
  const x0 = ix & mask;
  const x1 = (ix + 1) & mask;
  const r0 = (iy & mask) << 9;
  const r1 = ((iy + 1) & mask) << 9;
  const a = tile[r0 | x0] as number;
  const b = tile[r0 | x1] as number;
  const c = tile[r1 | x0] as number;
  const d = tile[r1 | x1] as number;
  const top = a + (b - a) * tx;
  return top + (c + (d - c) * tx - top) * ty;
}

/** Gradient noise in octaves that all repeat with the tile, scaled to 0..1. */
function makeFractal(name: string, cells: number, octaves: number, gain: number): Float32Array {
  const tile = new Float32Array(size * size);
  let amplitude = 1;
  for (let octave = 0; octave < octaves; octave++) {
    addGradientNoise(tile, cells << octave, amplitude, `${name}/${octave}`);
    amplitude *= gain;
  }
  let sum = 0;
  for (const v of tile) sum += v * v;
  const scale = 0.19 / Math.sqrt(sum / tile.length);
  return tile.map((v) => Math.min(1, Math.max(0, 0.5 + v * scale)));
}

function addGradientNoise(tile: Float32Array, cells: number, amplitude: number, seed: string): void {
  const chance = chanceOf(seed);
  const angles = Float32Array.from({ length: cells * cells }, () => chance.between(0, 2 * Math.PI));
  const gx = angles.map(Math.cos);
  const gy = angles.map(Math.sin);
  const step = cells / size;
  for (let y = 0; y < size; y++) {
    const cy = Math.floor(y * step);
    const fy = y * step - cy;
    const wy = fy * fy * fy * (fy * (fy * 6 - 15) + 10);
    const row0 = cy * cells;
    const row1 = ((cy + 1) % cells) * cells;
    for (let x = 0; x < size; x++) {
      const cx = Math.floor(x * step);
      const fx = x * step - cx;
      const wx = fx * fx * fx * (fx * (fx * 6 - 15) + 10);
      const right = (cx + 1) % cells;
      const dot = (at: number, dx: number, dy: number) => (gx[at] ?? 0) * dx + (gy[at] ?? 0) * dy;
      const a = dot(row0 + cx, fx, fy);
      const b = dot(row0 + right, fx - 1, fy);
      const c = dot(row1 + cx, fx, fy - 1);
      const d = dot(row1 + right, fx - 1, fy - 1);
      const top = a + (b - a) * wx;
      const at = y * size + x;
      tile[at] = (tile[at] ?? 0) + amplitude * (top + (c + (d - c) * wx - top) * wy);
    }
  }
}

function makeWhite(): Float32Array {
  const chance = chanceOf("grain");
  return Float32Array.from({ length: size * size }, () => {
    const sum = chance.next() + chance.next() + chance.next() + chance.next();
    return (sum - 2) * Math.sqrt(3);
  });
}
