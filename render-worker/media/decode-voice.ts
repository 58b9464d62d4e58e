import { readFile, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { sampleRate } from "../../contract/film.ts";
import { Poison } from "../errors.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { type Loudness, measureShort, parseLoudness, shortestMeasuredSeconds } from "./loudness.ts";
import { guardInput, sniffVoice } from "./untrusted-input.ts";
import { readWav } from "./voice/read-wav.ts";
import { stripId3 } from "./voice/strip-id3.ts";

/** Longer than any scene of the longest film. */
const longestVoiceSeconds = 240;
/** 240 s of 48 kHz stereo in 32 bits, and room for the file's other chunks. */
const largestFileBytes = 128 * 1024 * 1024;
/** The sound that a WAV may lack of the length in its header; more than this is a missing word. */
const mostMissingSeconds = 0.05;
const alignRate = 16_000;

export interface DecodedVoice {
  /** Mono at `sampleRate`, for the alignment of captions. */
  pcm: Float32Array;
  sampleRate: number;
  durationSeconds: number;
  loudness: Loudness;
  /** Stereo 32-bit floats at 48 kHz, for the scene's sound. */
  file: string;
  /** Of each channel of `file`. */
  samples: number;
}

/**
 * Decodes an untrusted voice (WAV, MP3, FLAC, Ogg, AAC) once, for the captions, the loudness and the scene's
 * sound, which is written to the file `to`. Joined WAV or MP3 files are read to the end of the last one.
 *
 * @param speed plays the voice by this factor faster, at the same pitch
 * @throws Poison if it is no such voice, is empty, cut or too long
 */
export async function decodeVoice(
  voice: string,
  to: string,
  signal: AbortSignal,
  speed = 1,
): Promise<DecodedVoice> {
  const mono = `${to}.mono`;
  const limit = ["-t", String(longestVoiceSeconds + 1)];
  const { stderrTail } = await runFfmpeg({
    inputs: [await prepareInput(voice, `${to}.source`)],
    outputs: [
      {
        file: to,
        options: ["-filter_complex", buildVoiceFilter(speed), "-map", "[film]", ...limit, "-f", "f32le"],
      },
      { file: mono, options: ["-map", "[align]", ...limit, "-f", "f32le"] },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
    logLevel: "info",
    untrusted: true,
  });
  const bytes = await readFile(mono);
  const pcm = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
  const durationSeconds = pcm.length / alignRate;
  if (pcm.length === 0) throw new Poison("media.empty_voice", "The voice had no sound.");
  if (durationSeconds > longestVoiceSeconds) throw tooLong();
  const loudness =
    durationSeconds < shortestMeasuredSeconds ? await measureShort(to, signal) : parseLoudness(stderrTail);
  const samples = (await stat(to)).size / (2 * Float32Array.BYTES_PER_ELEMENT);
  return { pcm, sampleRate: alignRate, durationSeconds, loudness, file: to, samples };
}

/** `atempo` (WSOLA) is in every ffmpeg and keeps speech clean at 0.7 to 1.3; rubberband is in some only. */
const buildVoiceFilter = (speed: number) =>
  [
    `[0:a:0]aresample=${sampleRate},aformat=sample_fmts=flt:channel_layouts=stereo${speed === 1 ? "" : `,atempo=${speed}`},asplit[loud][split]`,
    "[loud]ebur128=peak=true:framelog=verbose,aformat=sample_fmts=flt[film]",
    `[split]aresample=${alignRate},aformat=sample_fmts=flt:channel_layouts=mono[align]`,
  ].join(";");

/** ffmpeg's input: the file itself, or a cleaned copy of it, written to `cleaned`. */
async function prepareInput(voice: string, cleaned: string): Promise<{ source: string; options: string[] }> {
  const format = await sniffVoice(voice);
  if ((await stat(voice)).size > largestFileBytes) throw tooLong();
  if (format.demuxer === "wav") {
    const { format: demuxer, ...wav } = checkedWav(await readFile(voice));
    await writeFile(cleaned, wav.samples);
    const layout = ["-ar", String(wav.sampleRate), "-ac", String(wav.channels)];
    return { source: cleaned, options: [...guardInput({ demuxer, decoders: `pcm_${demuxer}` }), ...layout] };
  }
  if (format.demuxer === "mp3") {
    await writeFile(cleaned, stripId3(await readFile(voice)));
    return { source: cleaned, options: guardInput(format) };
  }
  if (format.demuxer === "flac") requireOneFlac(await readFile(voice));
  return { source: voice, options: guardInput(format) };
}

function checkedWav(file: Buffer) {
  const wav = readWav(file);
  if (wav === null) throw unreadable();
  if (wav.samples.length === 0) throw new Poison("media.empty_voice", "The voice had no sound.");
  const seconds = wav.samples.length / wav.bytesPerSecond;
  if (seconds > longestVoiceSeconds) throw tooLong();
  // A header with an impossible length did not know the length; the voice is not cut.
  const isKnown = seconds + wav.missingSeconds <= longestVoiceSeconds;
  if (isKnown && wav.missingSeconds > mostMissingSeconds)
    throw new Poison("media.cut_voice", "The voice was cut off.");
  return wav;
}

/** ffmpeg drops parts of joined FLAC files without an error. */
function requireOneFlac(file: Buffer): void {
  const header = Buffer.from("fLaC\0\0\0\x22", "latin1");
  if (file.indexOf(header, 4) > 0) throw unreadable();
}

const unreadable = () => new Poison("media.unreadable", "The voice could not be read.");
const tooLong = () => new Poison("media.voice_too_long", "The voice was too long.");
