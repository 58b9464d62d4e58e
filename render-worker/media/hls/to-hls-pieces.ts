import { randomUUID } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { runFfmpeg } from "../ffmpeg.ts";
import { framesToSeconds, keyFrameDistance } from "../grid.ts";
import { toMp4Language } from "../mp4-language.ts";
import { readVideoCodec, splitBoxes } from "./split-boxes.ts";

export interface HlsPieces {
  /**
   * The init section before all pieces. The inits of one rendition differ in a bitrate field only: publish
   * the first.
   */
  init: Buffer;
  /** For example "avc1.640028". */
  videoCodec: string;
  pieces: { media: Buffer; frames: number }[];
}

/**
 * Turns a scene's pictures and sound into pieces of an HLS rendition, at their place in the film: one piece,
 * or several if the scene is longer than `longestPieceFrames`. Nothing is encoded again, so the pieces are
 * the film's own frames. They join without a discontinuity, at whatever time each is made.
 *
 * @param scene `language` is a BCP 47 tag
 * @param folder takes ffmpeg's temporary file
 * @throws Transient, Cancelled
 */
export async function toHlsPieces(
  scene: { pictures: string; sound: string; startFrame: number; frames: number; language: string },
  folder: string,
  signal: AbortSignal,
): Promise<HlsPieces> {
  const whole = join(folder, `hls-${randomUUID()}`);
  await runFfmpeg({
    inputs: [
      { source: scene.pictures, options: ["-f", "mp4"] },
      { source: scene.sound, options: ["-f", "aac"] },
    ],
    outputs: [{ file: whole, options: buildPieceArgs(scene) }],
    cwd: folder,
    signal,
    timeoutMs: 60_000,
  });
  const { init, media } = splitBoxes(await readFile(whole));
  await rm(whole);
  const lengths = cutFrames(scene.frames);
  if (media.length !== lengths.length) throw new Error("the segment's key frames are at the wrong frames");
  const pieces = lengths.map((frames, i) => ({ frames, media: media[i] as Buffer }));
  return { init, videoCodec: readVideoCodec(init), pieces };
}

function cutFrames(frames: number): number[] {
  const distance = keyFrameDistance(frames);
  return Array.from({ length: Math.ceil(frames / distance) }, (_, i) =>
    Math.min(distance, frames - i * distance),
  );
}

/**
 * With B-frames the first picture is shown two frames after it is decoded, and decoding cannot begin before
 * 0. The edit list in the init removes these two frames, also in browsers' buffers, so that the film begins
 * at 0.
 *
 * Every flag is needed: without `frag_discont` each piece starts at 0; without `delay_moov` browsers miss the
 * sound's configuration and the edit list; without `write_btrt 0` the inits of equal scenes differ.
 */
function buildPieceArgs({ startFrame, language }: { startFrame: number; language: string }): string[] {
  const flags = "+delay_moov+default_base_moof+frag_keyframe+frag_discont+skip_trailer";
  const start = framesToSeconds(startFrame).toFixed(6);
  return [
    ...["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-bsf:a", "aac_adtstoasc"],
    ...["-metadata:s:a:0", `language=${toMp4Language(language)}`],
    ...["-output_ts_offset", start, "-avoid_negative_ts", "disabled"],
    ...["-movflags", flags, "-write_btrt", "0", "-video_track_timescale", "15360", "-f", "mp4"],
  ];
}
