/** Prepares a recording of the dreamer to narrate a film. */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { sampleRate } from "../../../contract/film.ts";
import { limits } from "../../../contract/limits.ts";
import { runFfmpeg } from "../ffmpeg.ts";
import { guardInput, sniffRecording } from "../untrusted-input.ts";

export interface CleanRecording {
  /** Mono at the film's `sampleRate`. */
  samples: Float32Array;
  /** The same at `alignRate`, for the alignment of words. */
  pcm: Float32Array;
}

/** Changes with everything that changes the sound of an own voice. */
export const ownVoiceRecipe = "own-1";
export const alignRate = 16_000;

/**
 * Rumble below the lowest voice goes; what lies below the gate's threshold, that is noise between words,
 * becomes 12 dB quieter. A recording has -23 LUFS (normalise-recording.ts), so the threshold is 21 dB below
 * its speech.
 */
const cleaning = [
  "highpass=f=75",
  "agate=threshold=0.0063:ratio=2:range=0.25:attack=8:release=250:detection=rms",
].join(",");

/**
 * Decodes and cleans the recording `file`. `to` names files of its own in the working folder.
 *
 * @throws Poison if it cannot be decoded; Transient, Cancelled
 */
export async function cleanRecording(file: string, to: string, signal: AbortSignal): Promise<CleanRecording> {
  const limit = ["-t", String(limits.segmentSeconds), "-f", "f32le"];
  await runFfmpeg({
    inputs: [{ source: file, options: guardInput(await sniffRecording(file)) }],
    outputs: [
      { file: `${to}.film`, options: ["-filter_complex", graph, "-map", "[film]", ...limit] },
      { file: `${to}.align`, options: ["-map", "[align]", ...limit] },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
    untrusted: true,
  });
  const [samples, pcm] = await Promise.all([readFloats(`${to}.film`), readFloats(`${to}.align`)]);
  return { samples, pcm };
}

const graph = [
  `[0:a:0]aresample=${sampleRate},aformat=sample_fmts=flt:channel_layouts=mono,${cleaning},asplit[film][split]`,
  `[split]aresample=${alignRate},aformat=sample_fmts=flt[align]`,
].join(";");

async function readFloats(path: string): Promise<Float32Array> {
  const bytes = await readFile(path);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
}
