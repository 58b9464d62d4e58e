/**
 * Brings speech to a loudness by one linear gain, and limits peaks that would clip.
 * @source ITU-R BS.1770-4: K weighting, blocks of 400 ms every 100 ms, gates at -70 LUFS and -10 LU.
 */
import { speechRate } from "./rate.ts";

const ceiling = 0.84; // -1.5 dBFS

/** The samples at a loudness of `targetLufs`, with peaks of at most -1.5 dBFS. */
export function level(samples: Float32Array, targetLufs: number): Float32Array {
  const loudness = measureLufs(samples);
  if (!Number.isFinite(loudness)) return samples;
  const gain = 10 ** ((targetLufs - loudness) / 20);
  return limit(samples.map((sample) => sample * gain));
}

/** Integrated loudness of mono speech; -Infinity for silence. Shorter than a block counts as one block. */
export function measureLufs(samples: Float32Array): number {
  const weighted = weigh(samples);
  const block = Math.min(weighted.length, Math.round(speechRate * 0.4));
  const step = Math.round(speechRate * 0.1);
  const powers: number[] = [];
  for (let start = 0; start + block <= weighted.length && block > 0; start += step) {
    let sum = 0;
    for (let i = start; i < start + block; i++) sum += (weighted[i] ?? 0) ** 2;
    powers.push(sum / block);
  }
  const loud = (power: number) => -0.691 + 10 * Math.log10(power);
  const mean = (of: number[]) => of.reduce((sum, power) => sum + power, 0) / of.length;
  const audible = powers.filter((power) => loud(power) > -70);
  if (audible.length === 0) return Number.NEGATIVE_INFINITY;
  const gate = loud(mean(audible)) - 10;
  return loud(mean(audible.filter((power) => loud(power) > gate)));
}

function weigh(samples: Float32Array): Float32Array {
  return highPass(shelf(samples, 1681.97, 3.99984, 0.70718), 38.1355, 0.50033);
}

/** The shelf filter for the head, from the analogue prototype at this sample rate. */
function shelf(samples: Float32Array, hz: number, gainDb: number, q: number): Float32Array {
  const k = Math.tan((Math.PI * hz) / speechRate);
  const high = 10 ** (gainDb / 20);
  const band = high ** 0.499666774155;
  const a0 = 1 + k / q + k * k;
  return biquad(
    samples,
    [(high + (band * k) / q + k * k) / a0, (2 * (k * k - high)) / a0, (high - (band * k) / q + k * k) / a0],
    [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0],
  );
}

function highPass(samples: Float32Array, hz: number, q: number): Float32Array {
  const k = Math.tan((Math.PI * hz) / speechRate);
  const a0 = 1 + k / q + k * k;
  return biquad(samples, [1, -2, 1], [(2 * (k * k - 1)) / a0, (1 - k / q + k * k) / a0]);
}

function biquad(
  samples: Float32Array,
  [b0, b1, b2]: [number, number, number],
  [a1, a2]: [number, number],
): Float32Array {
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = b0 * x + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

/** A limiter with 5 ms of lookahead and 60 ms of release. */
function limit(samples: Float32Array): Float32Array {
  const ahead = Math.round(speechRate * 0.005);
  const release = Math.exp(-1 / (speechRate * 0.06));
  let needed: Float32Array | null = null;
  for (let i = 0; i < samples.length; i++) {
    const gain = ceiling / Math.abs(samples[i] as number);
    if (gain >= 1) continue;
    needed ??= new Float32Array(samples.length).fill(1);
    for (let j = Math.max(0, i - ahead); j <= i; j++) needed[j] = Math.min(needed[j] as number, gain);
  }
  if (!needed) return samples;
  let held = 1;
  for (let i = 0; i < samples.length; i++) {
    held = Math.min(needed[i] as number, 1 - (1 - held) * release);
    samples[i] = (samples[i] as number) * held;
  }
  return samples;
}
