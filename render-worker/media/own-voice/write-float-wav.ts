import { writeWav } from "../voice/write-wav.ts";

/** A WAV of mono 32-bit floats. */
export const writeFloatWav = (samples: Float32Array, rate: number): Buffer =>
  writeWav({ code: 3, bytes: 4 }, rate, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength));
