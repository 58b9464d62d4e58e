/** Evaluates a slowly changing quantity once per four by four pixels, which is cheap and shows no steps. */
export function coarse(
  width: number,
  height: number,
  at: (x: number, y: number) => number,
): (x: number, y: number) => number {
  const across = Math.ceil(width / 4);
  const values = new Float32Array(across * Math.ceil(height / 4));
  for (let i = 0; i < values.length; i++) values[i] = at((i % across) * 4, Math.floor(i / across) * 4);
  return (x, y) => values[(y >> 2) * across + (x >> 2)] as number;
}
