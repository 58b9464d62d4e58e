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
