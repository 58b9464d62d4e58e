/**
 * A scene as one piece of an HLS stream: its pictures and sound by stream copy, in absolute time, so that pieces made
 * one by one play as if they had been made together.
 */
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { runFfmpeg } from "./ffmpeg.ts";
import { framesToSeconds } from "./grid.ts";

export interface HlsPiece {
  /** ftyp and moov. All pieces of one rendition can share the first one's: they differ in a bitrate field. */
  init: Buffer;
  /** moof and mdat. */
  media: Buffer;
  /** RFC 6381, as the multivariant playlist wants it. */
  codecs: string;
}

/** B-frames delay the pictures in a fragmented piece by this much; the sound has to wait as long. */
const reorderFrames = 2;

export async function toHlsPiece(
  scene: { segment: string; sound: string; startFrame: number; to: string },
  signal: AbortSignal,
): Promise<HlsPiece> {
  await runFfmpeg({
    inputs: [
      { source: scene.segment, options: ["-f", "mp4"] },
      {
        source: scene.sound,
        options: ["-itsoffset", framesToSeconds(reorderFrames).toFixed(6), "-f", "aac"],
      },
    ],
    outputs: [{ file: scene.to, options: buildPieceArgs(scene.startFrame) }],
    cwd: dirname(scene.to),
    signal,
    timeoutMs: 60_000,
  });
  return splitPiece(await readFile(scene.to));
}

/**
 * Every one of these is needed: without `frag_discont` each piece starts at 0; without `delay_moov` the init lacks the
 * AAC configuration, which ffmpeg plays and browsers refuse.
 */
export function buildPieceArgs(startFrame: number): string[] {
  return [
    ...["-map", "0:v:0", "-map", "1:a:0", "-c", "copy", "-bsf:a", "aac_adtstoasc"],
    ...["-output_ts_offset", framesToSeconds(startFrame).toFixed(6), "-avoid_negative_ts", "disabled"],
    ...["-movflags", "+delay_moov+default_base_moof+frag_keyframe+frag_discont+skip_trailer"],
    ...["-write_btrt", "0", "-f", "mp4"],
  ];
}

/** Cuts a fragmented MP4 after its moov. */
export function splitPiece(bytes: Buffer): HlsPiece {
  for (let at = 0; at + 8 <= bytes.length; ) {
    const size = bytes.readUInt32BE(at);
    if (size < 8) break;
    at += size;
    if (bytes.toString("latin1", at - size + 4, at - size + 8) !== "moov") continue;
    const init = bytes.subarray(0, at);
    return { init, media: bytes.subarray(at), codecs: readCodecs(init) };
  }
  throw new Error("a piece without a moov box");
}

/** Profile, constraints and level as the encoder wrote them. */
function readCodecs(init: Buffer): string {
  const at = init.indexOf("avcC");
  if (at < 0) throw new Error("an init without an avcC box");
  return `avc1.${init.toString("hex", at + 5, at + 8)},mp4a.40.2`;
}
