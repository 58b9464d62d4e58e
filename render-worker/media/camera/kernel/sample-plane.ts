import { groupBytes } from "./lay-columns";
import { findPhase } from "./lay-phases";
import { dot, mulRound, swizzle } from "./multiply";

/** 1/127 in Q15, for the rounding multiply. */
const unitReciprocal: i16 = 258;

/** Eight output samples of one row, as 16-bit sums out of `unit`. */
// @ts-ignore: decorator
@inline
function sampleGroup(row: usize, entry: usize): v128 {
  const samples = v128.load(row + load<i32>(entry));
  const inner = swizzle(samples, v128.load(entry, 16));
  const outer = swizzle(samples, v128.load(entry, 32));
  return i16x8.sub(
    dot(inner, v128.load(entry, 48)),
    dot(outer, v128.load(entry, 64)),
  );
}

/** Resamples one source row by the column table into `target`; `count` is a multiple of 16. */
function sampleRow(row: usize, table: usize, target: usize, count: i32): void {
  const scale = i16x8.splat(unitReciprocal);
  const end = target + <usize>count;
  while (target < end) {
    const low = mulRound(sampleGroup(row, table), scale);
    const high = mulRound(sampleGroup(row, table + groupBytes), scale);
    v128.store(target, i8x16.narrow_i16x8_s(low, high));
    target += 16;
    table += 2 * groupBytes;
  }
}

/**
 * Resamples one plane of one frame. Output row j samples the source row `start` + j * `step`. `table` comes
 * from `layColumns` for `roundUp(width, 16)` columns; `ring` holds 8 rows of that many bytes; `plane` points
 * at the first row's first sample, after the repeated ones. Writes `width` * `height` unsigned bytes to
 * `target`, and up to 15 more.
 *
 * `shifts` has an i32 for each source row: how far the row's samples lie to the right, in sixteenths of a
 * sample, at most 19 samples to either side. There are then sixteen tables of `columns` / 8 * 80 bytes, one
 * for each sixteenth (`layShiftedColumns`). 0: no row is shifted.
 */
export function samplePlane(
  plane: usize,
  stride: i32,
  rows: i32,
  table: usize,
  ring: usize,
  start: f64,
  step: f64,
  target: usize,
  width: i32,
  height: i32,
  shifts: usize,
): void {
  const columns = (width + 15) & ~15;
  const last = rows - 1;
  const scale = i16x8.splat(unitReciprocal);
  const bias = i8x16.splat(-128);
  let done = max(<i32>Math.floor(start) - 2, -1);
  for (let y: i32 = 0; y < height; y++) {
    const position = start + <f64>y * step;
    const whole = <i32>Math.floor(position);
    const phase = findPhase(position - <f64>whole);
    const needed = min(max(whole + 2, 0), last);
    while (done < needed) {
      done++;
      const shift = shifts ? load<i32>(shifts + (<usize>done << 2)) : 0;
      const row = plane + <usize>(done * stride + (shift >> 4));
      const weights = table + <usize>((shift & 15) * (columns >> 3)) * groupBytes;
      sampleRow(row, weights, ring + <usize>((done & 7) * columns), columns);
    }
    const row0 = ring + <usize>((min(max(whole - 1, 0), last) & 7) * columns);
    const row1 = ring + <usize>((min(max(whole, 0), last) & 7) * columns);
    const row2 = ring + <usize>((min(max(whole + 1, 0), last) & 7) * columns);
    const row3 = ring + <usize>((needed & 7) * columns);
    const inner = i16x8.splat(load<i16>(phase, 1));
    const outer = i16x8.splat(<i16>(<i32>load<u8>(phase) | (<i32>load<u8>(phase, 3) << 8)));
    const to = target + <usize>(y * width);
    for (let x: usize = 0; x < <usize>width; x += 16) {
      const a = v128.load(row0 + x);
      const b = v128.load(row1 + x);
      const c = v128.load(row2 + x);
      const d = v128.load(row3 + x);
      const low = i16x8.sub(
        dot(v128.shuffle<i8>(b, c, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), inner),
        dot(v128.shuffle<i8>(a, d, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23), outer),
      );
      const high = i16x8.sub(
        dot(v128.shuffle<i8>(b, c, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), inner),
        dot(v128.shuffle<i8>(a, d, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31), outer),
      );
      const sample = i8x16.narrow_i16x8_s(mulRound(low, scale), mulRound(high, scale));
      v128.store(to + x, v128.xor(sample, bias));
    }
  }
}
