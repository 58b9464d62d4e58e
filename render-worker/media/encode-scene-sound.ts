import { readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { leadInSeconds, sampleRate } from "../../contract/film.ts";
import { cutAdts } from "./adts.ts";
import { type SceneAmbience, writeAmbience } from "./ambience/write-ambience.ts";
import type { DecodedVoice } from "./decode-voice.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { aacFrameSamples, framesToAacFrames, framesToSamples } from "./grid.ts";
import { parseLoudness, shortestMeasuredSeconds, targetLufs, truePeakLimitDb } from "./loudness.ts";
import type { Span } from "./own-voice/find-silences.ts";

/** Raise this when the same voice is encoded to other bytes: kept sounds are then made again. */
export const soundRecipe = 4;

/** A voice, and the part of its sound that a scene plays. */
export interface PlayedVoice extends Pick<DecodedVoice, "file" | "loudness" | "samples"> {
  /** Absent: all of it. */
  part?: Span;
  /** A factor on its own tempo; the pitch stays. */
  tempo?: number;
}

/** Frames of silence encoded before the scene, so that the encoder has settled where the scene begins. */
const contextFrames = 4;
/** ffmpeg's AAC encoder starts with one frame of its own. */
const primingFrames = 1;
/** AAC exceeds a limiter's ceiling by up to this much. */
const codecHeadroomDb = 1;
/** At this bitrate the fast coder takes half the time, and speech is nearer to the original by 20 dB. */
const fastCoder = ["-aac_coder", "fast"];
/** An ambience adds so much to the peaks of a voice, at most. */
const ambienceHeadroomDb = 0.5;
/** A voice that starts or ends in the middle of a wave would click. */
const edgeFadeSeconds = 0.005;
/** The highest gain: a voice that needs more is noise. */
const largestGainDb = 30;

/**
 * Encodes a scene's sound: its voice after a lead-in, at -16 LUFS and at most -1.5 dBTP, then silence to the
 * end of `frames` frames of picture; without a voice only silence. An ambience is mixed under it.
 *
 * The result is an ADTS file of exactly 25 AAC frames per grid step. Its first and last frames decode as if
 * the neighbours' sound (silence, or their ambience) surrounded them, so the sounds of scenes can simply be
 * appended.
 *
 * @throws Transient, Cancelled
 */
export async function encodeSceneSound(
  voice: PlayedVoice | null,
  frames: number,
  to: string,
  signal: AbortSignal,
  ambience: SceneAmbience | null = null,
): Promise<void> {
  const whole = `${to}.whole`;
  const bed = `${to}.ambience`;
  if (ambience) await writeAmbience(ambience, contextFrames * aacFrameSamples, bed);
  const hasAmbience = ambience !== null;
  const makeupDb = voice ? await findMakeup(voice, { frames, hasAmbience }, dirname(to), signal) : 0;
  const voiceFilter = buildSoundFilter(voice, frames, { hasAmbience, makeupDb });
  const filter = ambience
    ? ["-filter_complex", `[0:a]${voiceFilter}[voice];[voice][1:a]amix=inputs=2:duration=first:normalize=0`]
    : ["-af", voiceFilter];
  await runFfmpeg({
    inputs: [
      { source: voice?.file ?? "/dev/zero", options: rawSound },
      ...(ambience ? [{ source: bed, options: rawSound }] : []),
    ],
    outputs: [
      {
        file: whole,
        options: [...filter, ...["-c:a", "aac", "-b:a", "192k", ...fastCoder, "-threads", "1", "-f", "adts"]],
      },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
  });
  const count = framesToAacFrames(frames);
  await writeFile(to, cutAdts(await readFile(whole), contextFrames + primingFrames, count));
}

/** A limiter that takes more than this from a voice would be heard. */
const largestMakeupDb = 3;
const makeupTries = 2;
/** Closer than listeners notice, and than the rule of 0.5 LU asks. */
const toleranceDb = 0.15;

/**
 * How much louder a voice with high peaks has to be before the limiter, so that it is at -16 LUFS after it. 0
 * for a voice that needs no limiter.
 */
async function findMakeup(
  voice: PlayedVoice,
  { frames, hasAmbience }: { frames: number; hasAmbience: boolean },
  cwd: string,
  signal: AbortSignal,
): Promise<number> {
  if (voice.samples < shortestMeasuredSeconds * sampleRate || !needsLimiter(voice, hasAmbience)) return 0;
  let makeupDb = 0;
  for (let tries = 0; tries < makeupTries; tries++) {
    const filter = buildSoundFilter(voice, frames, { hasAmbience, makeupDb });
    const { stderrTail } = await runFfmpeg({
      inputs: [{ source: voice.file, options: rawSound }],
      outputs: [{ file: "-", options: ["-af", `${filter},ebur128=framelog=verbose`, "-f", "null"] }],
      cwd,
      signal,
      timeoutMs: 60_000,
      logLevel: "info",
    });
    const missing = targetLufs - parseLoudness(stderrTail).integratedLufs;
    if (Math.abs(missing) < toleranceDb) break;
    makeupDb = Math.max(0, Math.min(largestMakeupDb, makeupDb + missing));
  }
  return makeupDb;
}

const gainOf = ({ integratedLufs }: PlayedVoice["loudness"]) =>
  Math.min(largestGainDb, targetLufs - integratedLufs);
const ceilingOf = (hasAmbience: boolean) =>
  truePeakLimitDb - codecHeadroomDb - (hasAmbience ? ambienceHeadroomDb : 0);
const needsLimiter = ({ loudness }: Pick<PlayedVoice, "loudness">, hasAmbience: boolean, makeupDb = 0) =>
  loudness.truePeakDb + gainOf(loudness) + makeupDb > ceilingOf(hasAmbience);

const rawSound = ["-f", "f32le", "-ar", String(sampleRate), "-ac", "2"];

/**
 * The filter: the part that is played, fades at both edges, tempo, gain, limiter, lead-in, and silence to the
 * scene's end and the encoder's context after it.
 */
export function buildSoundFilter(
  voice: Omit<PlayedVoice, "file"> | null,
  frames: number,
  { hasAmbience = false, makeupDb = 0 }: { hasAmbience?: boolean; makeupDb?: number } = {},
): string {
  const context = contextFrames * aacFrameSamples;
  const samples = framesToSamples(frames) + 2 * context;
  const lead = context + Math.round(leadInSeconds * sampleRate);
  const end = `apad=whole_len=${samples},atrim=end_sample=${samples}`;
  if (!voice) return `atrim=end_sample=${samples}`;
  const gainDb = gainOf(voice.loudness) + makeupDb;
  const limiter = `alimiter=limit=${(10 ** (ceilingOf(hasAmbience) / 20)).toFixed(4)}:level=0:attack=5:release=50:latency=1`;
  // Peaks between samples show at four times the sample rate.
  const limited = `aresample=${4 * sampleRate},${limiter},aresample=${sampleRate}`;
  const { part, tempo = 1 } = voice;
  const first = part ? Math.round(part.startSeconds * sampleRate) : 0;
  const last = part ? Math.min(voice.samples, Math.round(part.endSeconds * sampleRate)) : voice.samples;
  const fade = Math.min(edgeFadeSeconds * sampleRate, Math.floor((last - first) / 2));
  return [
    ...(part ? [`atrim=start_sample=${first}:end_sample=${last}`, "asetpts=PTS-STARTPTS"] : []),
    `afade=t=in:ns=${fade}`,
    `afade=t=out:ss=${last - first - fade}:ns=${fade}`,
    ...(tempo === 1 ? [] : [`atempo=${tempo.toFixed(6)}`]),
    `volume=${gainDb.toFixed(2)}dB`,
    ...(needsLimiter(voice, hasAmbience, makeupDb) ? [limited] : []),
    `adelay=delays=${lead}S:all=1`,
    end,
  ].join(",");
}
