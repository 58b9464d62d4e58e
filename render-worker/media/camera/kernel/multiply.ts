/** Products of samples and weights, the same bytes with relaxed SIMD and without. */

// @ts-ignore: decorator
@inline
/** The sum of two products: signed bytes of `a` by seven-bit bytes of `b`. */
export function dot(a: v128, b: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return i16x8.relaxed_dot_i8x16_i7x16_s(a, b);
  return i16x8.add(
    i16x8.mul(i16x8.shr_s(i16x8.shl(a, 8), 8), v128.and(b, i16x8.splat(255))),
    i16x8.mul(i16x8.shr_s(a, 8), i16x8.shr_u(b, 8)),
  );
}

// @ts-ignore: decorator
@inline
/** The bytes of `a` at the places in `b`, all below 16. */
export function swizzle(a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i8x16.relaxed_swizzle(a, b) : i8x16.swizzle(a, b);
}

// @ts-ignore: decorator
@inline
/** `a` * `b` / 2^15, rounded. */
export function mulRound(a: v128, b: v128): v128 {
  return ASC_FEATURE_RELAXED_SIMD ? i16x8.relaxed_q15mulr_s(a, b) : i16x8.q15mulr_sat_s(a, b);
}
