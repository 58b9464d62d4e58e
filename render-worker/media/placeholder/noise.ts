/** Randomness that is the same at the same place, and smooth between places. */

/** From 0 to 1 with no speed at either end. */
export function smooth(t: number): number {
  const c = Math.max(0, Math.min(1, t));
  return c * c * (3 - 2 * c);
}

/** A hash between 0 and 1; the same place gives the same value. */
export function hash2(x: number, y: number, salt: number): number {
  let h = Math.imul(x, 374_761_393) ^ Math.imul(y, 668_265_263) ^ Math.imul(salt, 974_634_777);
  h = Math.imul(h ^ (h >>> 13), 1_274_126_177);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

function noise(x: number, y: number, salt: number): number {
  const [xi, yi] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [smooth(x - xi), smooth(y - yi)];
  const top = hash2(xi, yi, salt) * (1 - u) + hash2(xi + 1, yi, salt) * u;
  const bottom = hash2(xi, yi + 1, salt) * (1 - u) + hash2(xi + 1, yi + 1, salt) * u;
  return top * (1 - v) + bottom * v;
}

/** Five octaves of noise, about 0 to 1. */
export function fbm(x: number, y: number, salt: number): number {
  let sum = 0;
  for (let octave = 0, weight = 0.5, scale = 1; octave < 5; octave++, weight /= 2, scale *= 2.03)
    sum += weight * noise(x * scale, y * scale, salt + octave);
  return sum;
}
