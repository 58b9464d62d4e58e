import { prepareFft } from "./fft.ts";

/** Mono samples between -1 and 1. */
export interface Recording {
  pcm: Float32Array;
  sampleRate: number;
}

export const frameSeconds = 0.01;
const windowSeconds = 0.025;
/**
 * The borders of the frequency bands in Hz: voice bar, first formant, three bands of the second, two of hiss.
 */
const bandEdges = [80, 300, 700, 1200, 2000, 3000, 4500, 7500];
const bands = bandEdges.length - 1;
/** The numbers per frame: level, its slope, and the share of the power in each band. */
export const featureCount = 2 + bands;
/** Floors in dB: of the level against the speaker's loud moments, and of a band against its frame's level. */
const quietestDb = -55;
const faintestBandDb = -40;

/**
 * Noise is what a band holds in its quietest fifth, times a factor for its variation. Chosen on people's
 * speech: with noise 10 dB below the voice the mean error is 583 ms without, 45 ms with it.
 */
const noisePart = 0.2;
const noiseFactor = 1.5;
const leastOfNoise = 0.1;

/**
 * The acoustic features of each 10 ms of a recording: `featureCount` numbers per frame, in dB relative to the
 * recording's own speech level, so that loud and quiet voices look the same.
 */
export function extractFeatures(recording: Recording): Float32Array {
  const powers = measureBands(recording);
  const frames = powers.length / bands;
  subtractNoise(powers, frames);
  const levels = Float32Array.from({ length: frames }, (_, t) => toDb(sum(powers, t * bands, bands)));
  const loud = quantile(levels, 0.95);
  const levelAt = (t: number) => {
    const level = levels[Math.min(frames - 1, Math.max(0, t))] as number;
    return Math.max(quietestDb, level - loud);
  };
  const hum = 10 ** ((loud + quietestDb) / 10);
  const features = new Float32Array(frames * featureCount);
  for (let t = 0; t < frames; t++) {
    const at = t * featureCount;
    features[at] = levelAt(t);
    features[at + 1] = levelAt(t + 2) - levelAt(t - 2);
    const whole = toDb(sum(powers, t * bands, bands) + hum);
    for (let b = 0; b < bands; b++) {
      const share = toDb((powers[t * bands + b] as number) + hum / bands) - whole;
      features[at + 2 + b] = Math.max(faintestBandDb, share);
    }
  }
  return features;
}

/**
 * Subtracts the steady noise of the recording (a fan, a bed of music) from each band. A frame keeps at least
 * a tenth of the noise, because noise varies around its mean.
 */
function subtractNoise(powers: Float64Array, frames: number): void {
  for (let b = 0; b < bands; b++) {
    const band = Float32Array.from({ length: frames }, (_, t) => powers[t * bands + b] as number);
    const noise = noiseFactor * quantile(band, noisePart);
    for (const [t, power] of band.entries())
      powers[t * bands + b] = Math.max(power - noise, leastOfNoise * noise);
  }
}

const toDb = (power: number) => 10 * Math.log10(power + 1e-12);

function sum(values: Float64Array, from: number, count: number): number {
  let total = 0;
  for (let i = from; i < from + count; i++) total += values[i] as number;
  return total;
}

function quantile(values: Float32Array, part: number): number {
  return Float32Array.from(values).sort()[Math.floor(part * (values.length - 1))] ?? 0;
}

/** The power in each band of each frame, from windowed spectra centred on the frame. */
function measureBands({ pcm, sampleRate }: Recording): Float64Array {
  const frames = Math.floor(pcm.length / sampleRate / frameSeconds);
  const length = Math.round(windowSeconds * sampleRate);
  const size = 2 ** Math.ceil(Math.log2(length));
  const window = Float64Array.from(
    { length },
    (_, i) => (0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / length)) / length,
  );
  const edges = bandEdges.map((hz) => Math.min(size / 2, Math.ceil((hz * size) / sampleRate)));
  const powers = new Float64Array(frames * bands);
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  const transform = prepareFft(size);
  for (let t = 0; t < frames; t++) {
    const from = Math.round((t + 0.5) * frameSeconds * sampleRate - length / 2);
    re.fill(0);
    im.fill(0);
    for (let i = 0; i < length; i++) re[i] = (pcm[from + i] ?? 0) * (window[i] as number);
    transform(re, im);
    for (let b = 0; b < bands; b++) {
      let power = 0;
      for (let k = edges[b] as number; k < (edges[b + 1] as number); k++) {
        power += (re[k] as number) ** 2 + (im[k] as number) ** 2;
      }
      powers[t * bands + b] = power;
    }
  }
  return powers;
}
