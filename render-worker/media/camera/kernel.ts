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

/** The tables of `layColumns` for rows that are shifted by 0 to 15 sixteenths of a sample, one after the other. */
export function layShiftedColumns(table: usize, start: f64, step: f64, count: i32, width: i32): void {
  for (let sixteenth: i32 = 0; sixteenth < 16; sixteenth++)
    layColumns(
      table + <usize>(sixteenth * (count >> 3)) * groupBytes,
      start + <f64>sixteenth / 16.0,
      step,
      count,
      width,
    );
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
 *
 * `shifts` has an i32 for each source row: how far the row's samples lie to the right, in sixteenths of a sample, at
 * most 19 samples to either side. There are then sixteen tables of `columns` / 8 * 80 bytes, one for each sixteenth
 * (`layShiftedColumns`). 0: no row is shifted.
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

/** How much of the new picture is seen where its luma is this, out of 256; `lead` goes from -256 to 256. */
// @ts-ignore: decorator
@inline
function weighLuma(luma: v128, lead: v128): v128 {
  // 16 to 235 become 0 to 255.
  const above = i16x8.sub(luma, i16x8.splat(16));
  const light = i16x8.add(above, i16x8.shr_s(i16x8.mul(above, i16x8.splat(43)), 8));
  return i16x8.max_s(i16x8.splat(0), i16x8.min_s(i16x8.splat(256), i16x8.add(light, lead)));
}

/** (`b` * (256 - `weight`) + `a` * `weight`) / 256, rounded, of eight values and weights. */
// @ts-ignore: decorator
@inline
function blend(a: v128, b: v128, weight: v128): v128 {
  const rest = i16x8.sub(i16x8.splat(256), weight);
  return i16x8.shr_u(i16x8.add(i16x8.add(i16x8.mul(a, weight), i16x8.mul(b, rest)), i16x8.splat(128)), 8);
}

/**
 * Mixes a whole 4:2:0 frame into `target`, whose bright parts come first. `lead` goes from -256 (only `other` is seen)
 * to 256 (only `target`). `width` is a multiple of 8, `height` of 2.
 */
export function mixByLuma(target: usize, other: usize, width: i32, height: i32, lead: i32): void {
  const by = i16x8.splat(<i16>lead);
  const half = width >> 1;
  const chroma = width * height;
  // Chroma first: its weights come from luma that is not mixed yet.
  for (let y: i32 = 0; y < height >> 1; y++) {
    const luma = target + <usize>(2 * y * width);
    const at = <usize>(chroma + y * half);
    let x: i32 = 0;
    for (; x + 8 <= half; x += 8) {
      const weight = weighLuma(v128.and(v128.load(luma + 2 * x), i16x8.splat(255)), by);
      blendEight(target + at + x, other + at + x, weight);
      const second = at + x + <usize>(chroma >> 2);
      blendEight(target + second, other + second, weight);
    }
    for (; x < half; x++) {
      const weight = weighOne(load<u8>(luma + 2 * x), lead);
      blendOne(target + at + x, other + at + x, weight);
      const second = at + x + <usize>(chroma >> 2);
      blendOne(target + second, other + second, weight);
    }
  }
  for (let at: usize = 0; at < <usize>chroma; at += 8)
    blendEight(target + at, other + at, weighLuma(v128.load8x8_u(target + at), by));
}

// @ts-ignore: decorator
@inline
function blendEight(target: usize, other: usize, weight: v128): void {
  const mixed = blend(v128.load8x8_u(target), v128.load8x8_u(other), weight);
  v128.store64_lane(target, i8x16.narrow_i16x8_u(mixed, mixed), 0);
}

function weighOne(luma: i32, lead: i32): i32 {
  const above = luma - 16;
  return max(0, min(256, above + ((above * 43) >> 8) + lead));
}

function blendOne(target: usize, other: usize, weight: i32): void {
  store<u8>(target, <u8>((<i32>load<u8>(target) * weight + <i32>load<u8>(other) * (256 - weight) + 128) >> 8));
}

/**
 * Draws a soft round light on a plane: samples go towards `colour`, by `level` (0 to 1) at the middle and less towards
 * the rim.
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
    for (let column = left; column <= right; column++) {
      const across = <f32>column - x;
      const inside: f32 = 1.0 - (across * across + down * down) * scale;
      if (inside <= 0.0) continue;
      const at = plane + <usize>(row * width + column);
      const value = <f32>load<u8>(at);
      store<u8>(at, <u8>(value + (colour - value) * level * inside * inside + 0.5));
    }
  }
}
