import { prepareFft } from "../../captions/align/fft.ts";

const frameSamples = 256;
/** A frame this much weaker than the loudest one says nothing. */
const quietRatio = 1e-4;
/** The share of a frame's energy that two narrow peaks hold: all of it in a tone or a pair of tones. */
const tonalShare = 0.9;
/** Speech has noise and changing voices in most frames; keys of a telephone, beeps and whistles do not. */
const mostTonal = 0.85;

/**
 * True if the sound is tones and pauses: keys of a telephone, beeps, a whistle. `pcm`: 16-bit samples,
 * mono.
 */
export function isMostlyTones(pcm: Int16Array, rate: number): boolean {
  const frames: { energy: number; isTonal: boolean }[] = [];
  const fft = prepareFft(frameSamples);
  for (let start = 0; start + frameSamples <= pcm.length; start += frameSamples)
    frames.push(judge(pcm.subarray(start, start + frameSamples), fft, rate));
  const loudest = frames.reduce((most, { energy }) => Math.max(most, energy), 0);
  const heard = frames.filter(({ energy }) => energy > loudest * quietRatio);
  return heard.length > 0 && heard.filter(({ isTonal }) => isTonal).length / heard.length > mostTonal;
}

const window = Float64Array.from(
  { length: frameSamples },
  (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / (frameSamples - 1)),
);
const lowestHz = 80;

function judge(frame: Int16Array, fft: ReturnType<typeof prepareFft>, rate: number) {
  const re = Float64Array.from(frame, (sample, i) => sample * (window[i] as number));
  const im = new Float64Array(frameSamples);
  fft(re, im);
  const first = Math.ceil((lowestHz * frameSamples) / rate);
  const power = Array.from({ length: frameSamples / 2 - first }, (_, i) => {
    const bin = i + first;
    return (re[bin] as number) ** 2 + (im[bin] as number) ** 2;
  });
  const energy = power.reduce((sum, value) => sum + value, 0);
  const peaks = takePeak(power) + takePeak(power);
  return { energy, isTonal: energy > 0 && peaks / energy > tonalShare };
}

/**
 * The energy of the highest peak with the two bins on each side that the window spreads it over; it is
 * removed.
 */
function takePeak(power: number[]): number {
  const highest = power.indexOf(Math.max(...power));
  let taken = 0;
  for (let bin = Math.max(0, highest - 2); bin <= Math.min(power.length - 1, highest + 2); bin++) {
    taken += power[bin] as number;
    power[bin] = 0;
  }
  return taken;
}
