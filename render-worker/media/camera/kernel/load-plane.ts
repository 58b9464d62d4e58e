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
