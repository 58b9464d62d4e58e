/** An in-place radix-2 FFT for one size, which must be a power of two. */
export function prepareFft(size: number): (re: Float64Array, im: Float64Array) => void {
  const cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  const mirror = mirrorBits(size);
  return (re, im) => {
    for (let i = 0; i < size; i++) {
      const j = mirror[i] as number;
      if (j <= i) continue;
      [re[i], re[j]] = [re[j] as number, re[i] as number];
      [im[i], im[j]] = [im[j] as number, im[i] as number];
    }
    for (let half = 1; half < size; half *= 2) {
      const step = size / (2 * half);
      for (let start = 0; start < size; start += 2 * half) {
        for (let k = 0; k < half; k++) {
          const a = start + k;
          const b = a + half;
          const c = cos[k * step] as number;
          const s = sin[k * step] as number;
          const turnedRe = (re[b] as number) * c + (im[b] as number) * s;
          const turnedIm = (im[b] as number) * c - (re[b] as number) * s;
          re[b] = (re[a] as number) - turnedRe;
          im[b] = (im[a] as number) - turnedIm;
          re[a] = (re[a] as number) + turnedRe;
          im[a] = (im[a] as number) + turnedIm;
        }
      }
    }
  };
}

function mirrorBits(size: number): Uint32Array {
  const bits = Math.log2(size);
  return Uint32Array.from({ length: size }, (_, i) => {
    let mirrored = 0;
    for (let b = 0; b < bits; b++) mirrored |= ((i >> b) & 1) << (bits - 1 - b);
    return mirrored;
  });
}
