/** Mono samples, -1 to 1. */
export interface Recording {
  pcm: Float32Array;
  sampleRate: number;
}

export const frameSeconds = 0.01;
/** Values heard in a frame: level, its slope, and how the power is spread over the bands. */
export const featureCount = 9;

const windowSeconds = 0.025;
/** Borders in Hz: voice bar, first formant, three of the second, hiss. */
const bandEdges = [80, 300, 700, 1200, 2000, 3000, 4500, 7500];
/** dB below the loudest speech where we stop telling levels apart. */
const floorDb = -55;

/**
 * What can be heard in each 10 ms of a recording: `featureCount` numbers a frame, in dB, relative to the
 * recording's own speech level, so that loud and quiet voices look the same.
 */
export function hearFrames({ pcm, sampleRate }: Recording): Float32Array {
  const frames = Math.floor(pcm.length / sampleRate / frameSeconds);
  const powers = measureBands(pcm, sampleRate, frames);
  const bands = bandEdges.length - 1;
  const levels = new Float32Array(frames);
  for (let t = 0; t < frames; t++) {
    let sum = 0;
    for (let b = 0; b < bands; b++) sum += powers[t * bands + b] ?? 0;
    levels[t] = toDb(sum);
  }
  const loud = quantile(levels, 0.95);
  const features = new Float32Array(frames * featureCount);
  const level = (t: number) => Math.max(floorDb, (levels[Math.min(frames - 1, Math.max(0, t))] ?? floorDb) - loud);
  const floorPower = 10 ** ((loud + floorDb) / 10) / bands;
  for (let t = 0; t < frames; t++) {
    const base = t * featureCount;
    features[base] = level(t);
    features[base + 1] = level(t + 2) - level(t - 2);
    const whole = toDb(10 ** ((levels[t] ?? 0) / 10) + floorPower * bands);
    for (let b = 0; b < bands; b++) {
      features[base + 2 + b] = Math.max(-40, toDb((powers[t * bands + b] ?? 0) + floorPower) - whole);
    }
  }
  return features;
}

const toDb = (power: number) => 10 * Math.log10(power + 1e-12);

export function quantile(values: Float32Array, part: number): number {
  const sorted = Float32Array.from(values).sort();
  return sorted[Math.floor(part * (sorted.length - 1))] ?? 0;
}

/** Power in each band of each frame, from windowed spectra centred on the frame. */
function measureBands(pcm: Float32Array, sampleRate: number, frames: number): Float64Array {
  const length = Math.round(windowSeconds * sampleRate);
  const size = 2 ** Math.ceil(Math.log2(length));
  const window = Float64Array.from({ length }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length));
  const bands = bandEdges.length - 1;
  const bandOfBin = Int8Array.from({ length: size / 2 }, (_, k) => {
    const hz = (k * sampleRate) / size;
    return hz < (bandEdges[0] ?? 0) ? -1 : bandEdges.findIndex((edge) => hz < edge) - 1;
  });
  bandOfBin.forEach((band, k) => {
    if (band === -2) bandOfBin[k] = -1;
  });
  const powers = new Float64Array(frames * bands);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const transform = prepareFft(size);
  for (let t = 0; t < frames; t++) {
    const from = Math.round((t + 0.5) * frameSeconds * sampleRate - length / 2);
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < length; i++) re[i] = (pcm[from + i] ?? 0) * (window[i] ?? 0);
    transform(re, im);
    for (let k = 0; k < size / 2; k++) {
      const band = bandOfBin[k] ?? -1;
      if (band < 0) continue;
      const at = t * bands + band;
      powers[at] = (powers[at] ?? 0) + ((re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2) / (length * length);
    }
  }
  return powers;
}

/** In-place radix-2 FFT for one size. */
function prepareFft(size: number): (re: Float64Array, im: Float64Array) => void {
  const cos = Float64Array.from({ length: size / 2 }, (_, i) => Math.cos((2 * Math.PI * i) / size));
  const sin = Float64Array.from({ length: size / 2 }, (_, i) => Math.sin((2 * Math.PI * i) / size));
  const bits = Math.log2(size);
  const reversed = Uint32Array.from({ length: size }, (_, i) => {
    let r = 0;
    for (let b = 0; b < bits; b++) r |= ((i >> b) & 1) << (bits - 1 - b);
    return r;
  });
  return (re, im) => {
    for (let i = 0; i < size; i++) {
      const j = reversed[i] as number;
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
          const xr = (re[b] as number) * c + (im[b] as number) * s;
          const xi = (im[b] as number) * c - (re[b] as number) * s;
          re[b] = (re[a] as number) - xr;
          im[b] = (im[a] as number) - xi;
          re[a] = (re[a] as number) + xr;
          im[a] = (im[a] as number) + xi;
        }
      }
    }
  };
}
