import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { runFfmpeg } from "../ffmpeg.ts";
import { framesToSeconds } from "../grid.ts";
import { readVideoCodec, splitBoxes } from "./split-boxes.ts";

/**
 * With B-frames the first picture is shown two frames after it is decoded, and decoding can not begin before 0: the
 * whole film starts two frames late. An edit list could say so as well, but browsers' buffers do not read it.
 */
const decodeDelayFrames = 2;

export interface HlsPiece {
  /** What comes before all pieces. Those of one rendition differ in a bitrate field only: publish the first. */
  init: Buffer;
  /** Such as "avc1.640028". */
  videoCodec: string;
  sizeBytes: number;
}

/**
 * Turns a scene's pictures and sound into one piece of an HLS rendition, at its place in the film, and writes it to
 * `to`. Nothing is encoded again, so the pieces are the film's own frames; they follow each other without a
 * discontinuity, however long after each other they are made.
 */
export async function toHlsPiece(
  scene: { pictures: string; sound: string; startFrame: number },
  to: string,
  signal: AbortSignal,
): Promise<HlsPiece> {
  const whole = `${to}.whole`;
  await runFfmpeg({
    inputs: [
      { source: scene.pictures, options: ["-f", "mp4"] },
      { source: scene.sound, options: ["-f", "aac"] },
    ],
    outputs: [{ file: whole, options: buildPieceArgs(scene.startFrame) }],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
  });
  const { init, media } = splitBoxes(await readFile(whole));
  await rm(whole);
  await writeFile(to, media);
  return { init, videoCodec: readVideoCodec(init), sizeBytes: media.length };
}

/**
 * Every flag was needed: without `frag_discont` each piece starts at 0; without `delay_moov` browsers miss the sound's
 * configuration in the init; without `write_btrt 0` even equal scenes' inits differ; without `use_editlist 0` players
 * that read edit lists show pictures two frames before their sound.
 */
function buildPieceArgs(startFrame: number): string[] {
  const flags = "+delay_moov+default_base_moof+frag_keyframe+frag_discont+skip_trailer";
  const start = framesToSeconds(startFrame + decodeDelayFrames).toFixed(6);
  return [
    ...["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-bsf:a", "aac_adtstoasc"],
    ...["-output_ts_offset", start, "-avoid_negative_ts", "disabled", "-use_editlist", "0"],
    ...["-movflags", flags, "-write_btrt", "0", "-video_track_timescale", "15360", "-f", "mp4"],
  ];
}
