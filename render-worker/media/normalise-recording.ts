/** Turns an uploaded recording, which is untrusted, into one that the other steps may rely on. */
import { readFile, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { sampleRate } from "../../contract/film.ts";
import { limits } from "../../contract/limits.ts";
import { Poison } from "../errors.ts";
import { probe, runFfmpeg } from "./ffmpeg.ts";
import { parseLoudness } from "./loudness.ts";
import { guardInput, sniffRecording, type UntrustedFormat } from "./untrusted-input.ts";
import { isMostlyTones } from "./voice/detect-tones.ts";

/** Changes with everything that changes the recording. */
export const recordingRecipe = "recording-1";

export interface Recording {
  /** Ogg with Opus, mono, at about `targetLufs`. */
  file: string;
  durationSeconds: number;
}

/** Recorders end a part a little late. */
const toleranceSeconds = 5;
/** The loudness that broadcasters use for speech. @source EBU R128 */
const targetLufs = -23;
const gainDb = { min: -30, max: 30 };
/** Speech is louder; what lies below is the noise of an open microphone. */
const silentPeakDb = -50;
const toneRate = 8_000;
/** The largest block of memory that ffprobe and ffmpeg may allocate for an uploaded file. */
const blockLimit = ["-max_alloc", String(64 * 1024 * 1024)];
/**
 * The address space of one such process. ffmpeg of Debian 12 needs 300 to 500 MB for its libraries and one
 * thread; its filters would start a thread for each core.
 */
const memoryBytes = 1024 ** 3;
const oneThread = ["-threads", "1", "-filter_threads", "1"];
const timeoutMs = 110_000;

/**
 * Probes and decodes an uploaded recording and writes it anew to the file `to`. Only the first sound
 * stream is kept. `mostSeconds`: how long it may be. Of a recording that was cut off, such as by a closed
 * tab, everything before the cut is kept.
 *
 * @throws Poison if it is no recording of speech: empty, a video, unreadable, too long, silent, or only
 *   tones
 */
export async function normaliseRecording(
  file: string,
  to: string,
  signal: AbortSignal,
  mostSeconds: number = limits.segmentSeconds,
): Promise<Recording> {
  return decodeRecording(file, to, signal, mostSeconds).catch((error: unknown) => {
    // The message of the decoder speaks of pictures and voices.
    if (error instanceof Poison && error.code === "media.unreadable")
      throw new Poison("segment.unreadable", "The recording could not be read.", { cause: error });
    throw error;
  });
}

async function decodeRecording(
  file: string,
  to: string,
  signal: AbortSignal,
  mostSeconds: number,
): Promise<Recording> {
  if ((await stat(file)).size === 0) throw new Poison("segment.empty", "The file is empty.");
  const format = await sniffRecording(file);
  await requireSound(file, format, signal, mostSeconds);
  const measured = await measure(file, format, to, signal, mostSeconds);
  const { stderrTail: _ } = await runFfmpeg({
    inputs: [{ source: file, options: guardRecording(format) }],
    outputs: [
      {
        file: to,
        options: [
          ...[
            "-map",
            "0:a:0",
            "-t",
            String(mostSeconds + toleranceSeconds),
            "-ac",
            "1",
            "-ar",
            String(sampleRate),
          ],
          ...oneThread,
          ...["-af", `volume=${measured.gain}dB,alimiter=limit=0.84:level=disabled`],
          ...["-c:a", "libopus", "-b:a", "64k", "-application", "voip", "-map_metadata", "-1", "-f", "ogg"],
        ],
      },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs,
    untrusted: true,
    skipsDamage: true,
    memoryBytes,
  });
  return { file: to, durationSeconds: measured.seconds };
}

const guardRecording = (format: UntrustedFormat) => [...blockLimit, ...guardInput(format)];

/** @throws Poison if the container has a video, no sound, or more time than a segment may have */
async function requireSound(
  file: string,
  format: UntrustedFormat,
  signal: AbortSignal,
  mostSeconds: number,
): Promise<void> {
  // Cover pictures are listed, and never decoded.
  const listed = { ...format, decoders: `${format.decoders},mjpeg,png` };
  const { streams, format: container } = await probe(file, {
    signal,
    untrusted: true,
    memoryBytes,
    options: guardRecording(listed),
  }).catch((error: unknown) => {
    if (error instanceof Poison && /not on whitelist/.test(messageOf(error.cause))) throw notSound(error);
    throw error;
  });
  if (
    streams.some(({ codec_type, disposition }) => codec_type === "video" && disposition?.attached_pic !== 1)
  )
    throw notSound();
  if (!streams.some(({ codec_type }) => codec_type === "audio"))
    throw new Poison("segment.no_sound", "The file has no sound.");
  if ((container.duration ?? 0) > mostSeconds + toleranceSeconds) throw tooLong(mostSeconds);
}

interface Measured {
  seconds: number;
  /** Decibels. */
  gain: number;
}

async function measure(
  file: string,
  format: UntrustedFormat,
  to: string,
  signal: AbortSignal,
  mostSeconds: number,
): Promise<Measured> {
  const longestSeconds = mostSeconds + toleranceSeconds;
  const plain = `${to}.pcm`;
  const { stderrTail } = await runFfmpeg({
    inputs: [{ source: file, options: guardRecording(format) }],
    outputs: [
      {
        file: plain,
        options: [
          ...["-map", "0:a:0", "-t", String(longestSeconds + 1), "-ac", "1", ...oneThread],
          ...["-af", "ebur128=peak=true:framelog=verbose", "-ar", String(toneRate), "-f", "s16le"],
        ],
      },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs,
    logLevel: "info",
    untrusted: true,
    skipsDamage: true,
    memoryBytes,
  });
  const bytes = await readFile(plain);
  const pcm = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 1);
  const seconds = pcm.length / toneRate;
  if (pcm.length === 0) throw new Poison("segment.no_sound", "The file has no sound.");
  if (seconds > longestSeconds) throw tooLong(mostSeconds);
  const { integratedLufs, truePeakDb } = parseLoudness(stderrTail);
  if (truePeakDb < silentPeakDb) throw new Poison("segment.silent", "The recording is silent.");
  if (isMostlyTones(pcm, toneRate))
    throw new Poison("segment.no_speech", "The recording has tones and no speech.");
  const gain = Math.min(gainDb.max, Math.max(gainDb.min, targetLufs - integratedLufs));
  return { seconds, gain: Math.round(gain * 10) / 10 };
}

const messageOf = (cause: unknown) => (cause instanceof Error ? cause.message : "");
const notSound = (cause?: unknown) =>
  new Poison("segment.not_sound", "The file is a video, or has a sound format that is not supported.", {
    cause,
  });
const tooLong = (mostSeconds: number) =>
  new Poison("segment.too_long", `The recording is longer than ${mostSeconds / 60} minutes.`);
