/**
 * Draws a soft round light on a plane: samples go towards `colour`, by `level` (0 to 1) at the middle and
 * less towards the rim.
 */
export function addLight(
  plane: usize,
  width: i32,
  height: i32,
  x: f32,
  y: f32,
  radius: f32,
  level: f32,
  colour: f32,
): void {
  const left = max(0, <i32>Mathf.ceil(x - radius));
  const right = min(width - 1, <i32>Mathf.floor(x + radius));
  const bottom = min(height - 1, <i32>Mathf.floor(y + radius));
  const scale: f32 = 1.0 / (radius * radius);
  for (let row = max(0, <i32>Mathf.ceil(y - radius)); row <= bottom; row++) {
    const down = <f32>row - y;
    const line = plane + <usize>(row * width);
    let column = left;
    for (; column + 3 <= right; column += 4) lightFour(line, column, x, down * down, scale, level, colour);
    for (; column <= right; column++) {
      const across = <f32>column - x;
      const inside: f32 = 1.0 - (across * across + down * down) * scale;
      if (inside <= 0.0) continue;
      const value = <f32>load<u8>(line + column);
      store<u8>(line + column, <u8>(value + (colour - value) * level * inside * inside + 0.5));
    }
  }
}

/** The same operations in the same order for four samples, so that the result is the same. */
// @ts-ignore: decorator
@inline
function lightFour(line: usize, column: i32, x: f32, downSquared: f32, scale: f32, level: f32, colour: f32): void {
  const at = line + <usize>column;
  const columns = f32x4.add(f32x4.splat(<f32>column), f32x4(0, 1, 2, 3));
  const across = f32x4.sub(columns, f32x4.splat(x));
  const distance = f32x4.add(f32x4.mul(across, across), f32x4.splat(downSquared));
  const inside = f32x4.sub(f32x4.splat(1), f32x4.mul(distance, f32x4.splat(scale)));
  const samples = v128.load32_zero(at);
  const value = f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(samples)));
  const step = f32x4.mul(f32x4.mul(f32x4.mul(f32x4.sub(f32x4.splat(colour), value), f32x4.splat(level)), inside), inside);
  const lit = i32x4.trunc_sat_f32x4_u(f32x4.add(f32x4.add(value, step), f32x4.splat(0.5)));
  const words = i16x8.narrow_i32x4_u(lit, lit);
  const bytes = i8x16.narrow_i16x8_u(words, words);
  const seen = f32x4.gt(inside, f32x4.splat(0));
  const mask = i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(seen, seen), i16x8.splat(0));
  v128.store32_lane(at, v128.bitselect(bytes, samples, mask), 0);
}
