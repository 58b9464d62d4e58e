/**
 * The camera's inner loops, in AssemblyScript, compiled to WebAssembly SIMD by `npm run build:kernel`: once
 * with relaxed SIMD and once without, at half the speed. Both draw the same bytes.
 *
 * Samples are signed bytes (value - 128). Catmull-Rom weights are bytes out of 127, with the two inner and
 * the two (negative) outer ones apart, so that one relaxed dot product does two taps of eight samples. The
 * top bit of the second operand is never set, because there the relaxed instructions of different machines
 * differ: so every machine draws the same bytes.
 *
 * Known weakness: weights in steps of 1/127 and one rounding per pass leave an error of up to two levels.
 */

/** The sum of the weights; the largest that fits seven bits. */
const unit: i32 = 127;
/** 1/127 in Q15, for the rounding multiply. */
const unitReciprocal: i16 = 258;
/** The bytes of one group of eight output columns in the table: first source column, swizzles and weights. */
const groupBytes: usize = 80;

/** The positions between two samples that have weights of their own. */
const phaseCount: i32 = 1024;
/** Four bytes per phase: outer left, inner left, inner right, outer right. */
let phases: usize = 0;

/**
 * Writes the weights of all phases to `table` (4 * 1025 bytes), for every later call. Call it first.
 *
 * Of the ways to round, each phase gets the one whose centre of weight is nearest to its position. A camera
 * that moves by one pixel per frame shows the same few phases all over the picture, so an error of their
 * centres makes the whole picture shake.
 */
export function layPhases(table: usize): void {
  phases = table;
  for (let phase: i32 = 0; phase <= phaseCount; phase++) {
    const t = <f64>phase / phaseCount;
    const left = (0.5 * t - t * t + 0.5 * t * t * t) * unit;
    const right = (0.5 * t * t - 0.5 * t * t * t) * unit;
    const middle = (0.5 * t + 2.0 * t * t - 1.5 * t * t * t) * unit;
    let least = Infinity;
    for (let choice: i32 = 0; choice < 8; choice++) {
      const outerLeft = <i32>left + (choice & 1);
      const outerRight = <i32>right + ((choice >> 1) & 1);
      const innerRight = min(<i32>middle + (choice >> 2), unit);
      const innerLeft = unit + outerLeft + outerRight - innerRight;
      if (innerLeft < 0 || innerLeft > unit) continue;
      const offCentre = <f64>(outerLeft + innerRight - 2 * outerRight) - t * unit;
      const offWeights = abs(<f64>outerLeft - left) + abs(<f64>outerRight - right) + abs(<f64>innerRight - middle);
      const cost = 4.0 * abs(offCentre) + offWeights;
      if (cost >= least) continue;
      least = cost;
      const entry = table + <usize>(phase * 4);
      store<u8>(entry, <u8>outerLeft);
      store<u8>(entry, <u8>innerLeft, 1);
      store<u8>(entry, <u8>innerRight, 2);
      store<u8>(entry, <u8>outerRight, 3);
    }
  }
}

/** The address of the weights for a position `fraction` of the way between two samples. */
// @ts-ignore: decorator
@inline
function findPhase(fraction: f64): usize {
  return phases + ((<usize>(fraction * phaseCount + 0.5)) << 2);
}

/**
 * Copies a plane as signed bytes, each row with `pad` repeated samples on either side. `pad` is a multiple of
 * 16 and `stride` at least `width` + 2 `pad`. `source` may be the end of the target's own memory.
 */
export function loadPlane(source: usize, width: i32, height: i32, target: usize, stride: i32, pad: i32): void {
  const bias = i8x16.splat(-128);
  for (let y: i32 = 0; y < height; y++) {
    const from = source + <usize>(y * width);
    const to = target + <usize>(y * stride + pad);
    let x: i32 = 0;
    for (; x + 16 <= width; x += 16) v128.store(to + x, v128.xor(v128.load(from + x), bias));
    for (; x < width; x++) store<u8>(to + x, load<u8>(from + x) ^ 0x80);
    memory.fill(to - pad, load<u8>(to), pad);
    memory.fill(to + width, load<u8>(to + width - 1), stride - pad - width);
  }
}

/**
 * Writes the table for `count` output columns (a multiple of 8; `count` / 8 * 80 bytes). Column i samples the
 * source position `start` + i * `step`, kept within the repeated samples.
 */
export function layColumns(table: usize, start: f64, step: f64, count: i32, width: i32): void {
  for (let group: i32 = 0; group < count; group += 8) {
    const entry = table + <usize>(group / 8) * groupBytes;
    let first: i32 = 0;
    for (let i: i32 = 0; i < 8; i++) {
      const position = min(max(start + <f64>(group + i) * step, -8.0), <f64>(width + 8));
      const whole = <i32>Math.floor(position);
      const phase = findPhase(position - <f64>whole);
      if (i == 0) {
        first = whole - 1;
        store<i32>(entry, first);
      }
      const at = min(whole - 1 - first, 12);
      const pair = entry + 16 + <usize>(2 * i);
      store<u8>(pair, <u8>(at + 1));
      store<u8>(pair + 1, <u8>(at + 2));
      store<u8>(pair + 16, <u8>at);
      store<u8>(pair + 17, <u8>(at + 3));
      store<u16>(pair + 32, load<u16>(phase, 1));
      store<u8>(pair + 48, load<u8>(phase));
      store<u8>(pair + 49, load<u8>(phase, 3));
    }
  }
}

/** The sum of two products: signed bytes of `a` by seven-bit bytes of `b`. */
// @ts-ignore: decorator
@inline
function dot(a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i16x8.relaxed_dot_i8x16_i7x16_s(a, b);
  return i16x8.add(
    i16x8.mul(i16x8.shr_s(i16x8.shl(a, 8), 8), v128.and(b, i16x8.splat(255))),
    i16x8.mul(i16x8.shr_s(a, 8), i16x8.shr_u(b, 8)),
  );
}

// @ts-ignore: decorator
@inline
function swizzle(a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(a, b) : i8x16.swizzle(a, b);
}

/** `a` * `b` / 2^15, rounded. */
// @ts-ignore: decorator
@inline
function mulRound(a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i16x8.relaxed_q15mulr_s(a, b) : i16x8.q15mulr_sat_s(a, b);
}

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
      sampleRow(plane + <usize>(done * stride), table, ring + <usize>((done & 7) * columns), columns);
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

/**
 * `target` = (`other` * (256 - `weight`) + `target` * `weight`) / 256, rounded; `weight` 0-255, `count`
 * bytes.
 */
export function mix(target: usize, other: usize, count: i32, weight: i32): void {
  const to = target + <usize>count;
  const mine = i16x8.splat(<i16>weight);
  const theirs = i16x8.splat(<i16>(256 - weight));
  const half = i16x8.splat(128);
  for (; target + 16 <= to; target += 16, other += 16) {
    const a = v128.load(target);
    const b = v128.load(other);
    const low = i16x8.add(i16x8.add(i16x8.mul(i16x8.extend_low_i8x16_u(a), mine), i16x8.mul(i16x8.extend_low_i8x16_u(b), theirs)), half);
    const high = i16x8.add(i16x8.add(i16x8.mul(i16x8.extend_high_i8x16_u(a), mine), i16x8.mul(i16x8.extend_high_i8x16_u(b), theirs)), half);
    v128.store(target, i8x16.narrow_i16x8_u(i16x8.shr_u(low, 8), i16x8.shr_u(high, 8)));
  }
  for (; target < to; target++, other++)
    store<u8>(target, <u8>((<i32>load<u8>(target) * weight + <i32>load<u8>(other) * (256 - weight) + 128) >> 8));
}
