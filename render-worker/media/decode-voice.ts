import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { sampleRate } from "../../contract/film.ts";
import { Poison } from "../errors.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { type Loudness, parseLoudness } from "./loudness.ts";
import { guardInput, sniffVoice } from "./untrusted-input.ts";

/** Longer than any scene of the longest film. */
const longestVoiceSeconds = 240;
const alignRate = 16_000;

export interface DecodedVoice {
  /** Mono at `sampleRate`, for whoever aligns captions. */
  pcm: Float32Array;
  sampleRate: number;
  durationSeconds: number;
  loudness: Loudness;
  /** Stereo 32-bit floats at 48 kHz, for the scene's sound. */
  file: string;
}

/**
 * Decodes a voice from outside (WAV, MP3, FLAC, Ogg, AAC) once: for the captions, for its loudness and for the
 * scene's sound, which is left in the file `to`. Throws `Poison` for what is no such voice, is empty or too long.
 */
export async function decodeVoice(voice: string, to: string, signal: AbortSignal): Promise<DecodedVoice> {
  const format = await sniffVoice(voice);
  const mono = `${to}.mono`;
  const limit = ["-t", String(longestVoiceSeconds + 1)];
  const { stderrTail } = await runFfmpeg({
    inputs: [{ source: voice, options: guardInput(format) }],
    outputs: [
      { file: to, options: ["-filter_complex", voiceFilter, "-map", "[film]", ...limit, "-f", "f32le"] },
      { file: mono, options: ["-map", "[align]", ...limit, "-f", "f32le"] },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
    logLevel: "info",
    untrusted: true,
    tolerant: format.endless,
  });
  const bytes = await readFile(mono);
  const pcm = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  const durationSeconds = pcm.length / alignRate;
  if (pcm.length === 0) throw new Poison("media.empty_voice", "A voice had no sound.");
  if (durationSeconds > longestVoiceSeconds)
    throw new Poison("media.voice_too_long", "A voice was too long.");
  return { pcm, sampleRate: alignRate, durationSeconds, loudness: parseLoudness(stderrTail), file: to };
}

const voiceFilter = [
  `[0:a:0]aresample=${sampleRate},aformat=sample_fmts=flt:channel_layouts=stereo,asplit[loud][split]`,
  "[loud]ebur128=peak=true:framelog=verbose,aformat=sample_fmts=flt[film]",
  `[split]aresample=${alignRate},aformat=sample_fmts=flt:channel_layouts=mono[align]`,
].join(";");
