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
 * Mixes a whole 4:2:0 frame into `target`, whose bright parts come first. `lead` goes from -256 (only `other`
 * is seen) to 256 (only `target`). `width` is a multiple of 8, `height` of 2.
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
