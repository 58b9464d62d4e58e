import { framesPerSecond, sampleRate } from "../../contract/film.ts";
import { Cancelled, Transient } from "../errors.ts";
import type { Size } from "./camera/plan.ts";
import type { ProbeResult } from "./ffmpeg/probe-result.ts";
import { probe } from "./ffmpeg.ts";
import { framesToAacFrames, framesToSeconds } from "./grid.ts";

export interface VerifiedFilm {
  durationSeconds: number;
  sizeBytes: number;
  frames: number;
}

/**
 * Checks that a film is complete: every frame of picture and sound, the right size, codecs and colours. An
 * incomplete film is never published: if ffmpeg is stopped or its disk is full, it leaves files that play and
 * end too early.
 *
 * @throws Transient `film.incomplete`, because encoding again may succeed; Cancelled
 */
export async function verifyFilm(
  file: string,
  expected: { filmSize: Size; frames: number },
  signal: AbortSignal,
): Promise<VerifiedFilm> {
  const found = await probe(file, { signal }).catch((error: unknown) => {
    if (error instanceof Cancelled || error instanceof Transient) throw error;
    throw incomplete(error);
  });
  const faults = findFaults(found, expected);
  if (faults.length > 0) throw incomplete(new Error(faults.join("; ")));
  return {
    durationSeconds: framesToSeconds(expected.frames),
    sizeBytes: found.format.size ?? 0,
    frames: expected.frames,
  };
}

const incomplete = (cause: unknown) =>
  new Transient("film.incomplete", "The encoded film was not complete.", { cause });

/** The film's faults, as texts for the log; empty if it has none. */
export function findFaults(found: ProbeResult, expected: { filmSize: Size; frames: number }): string[] {
  const pictures = found.streams.filter((stream) => stream.codec_type === "video");
  const sounds = found.streams.filter((stream) => stream.codec_type === "audio");
  const [picture, sound] = [pictures[0], sounds[0]];
  const seconds = framesToSeconds(expected.frames);
  const checks: [string, unknown, unknown][] = [
    ["video streams", pictures.length, 1],
    ["audio streams", sounds.length, 1],
    ["video codec", `${picture?.codec_name} ${picture?.profile}`, "h264 High"],
    ["pixel format", picture?.pix_fmt, "yuv420p"],
    ["colours", `${picture?.color_space} ${picture?.color_range}`, "bt709 tv"],
    ["width", picture?.width, expected.filmSize.width],
    ["height", picture?.height, expected.filmSize.height],
    ["frames", picture?.nb_read_packets, expected.frames],
    ["frame rate", picture?.avg_frame_rate, `${framesPerSecond}/1`],
    ["audio codec", sound?.codec_name, "aac"],
    ["sample rate", sound?.sample_rate, sampleRate],
    ["AAC frames", sound?.nb_read_packets, framesToAacFrames(expected.frames)],
    ["video length", near(picture?.duration, seconds), true],
    ["audio length", near(sound?.duration, seconds), true],
    ["film length", near(found.format.duration, seconds), true],
    ["video start", near(picture?.start_time, 0), true],
    ["audio start", near(sound?.start_time, 0), true],
  ];
  return checks
    .filter(([, is, should]) => is !== should)
    .map(([what, is, should]) => `${what}: ${is}, not ${should}`);
}

const near = (value: number | undefined, expected: number) =>
  value !== undefined && Math.abs(value - expected) < 0.002;
