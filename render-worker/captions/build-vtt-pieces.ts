import { buildCues, type VttScene, writeVtt } from "./build-vtt.ts";

/**
 * A scene's captions as one WebVTT file for each piece of its stream. A cue that two pieces show is in both,
 * with the same times, as HLS asks for. Times are those of the film, which its stream begins at 0.
 *
 * @param pieces the start and the end of each piece in the film, in seconds
 * @source RFC 8216, section 3.5
 */
export function buildVttPieces(
  scene: VttScene,
  pieces: readonly { startSeconds: number; endSeconds: number }[],
): string[] {
  const endSeconds = pieces.at(-1)?.endSeconds ?? Number.POSITIVE_INFINITY;
  const cues = buildCues([scene], endSeconds);
  return pieces.map((piece) =>
    writeVtt(
      cues.filter((cue) => cue.startSeconds < piece.endSeconds && cue.endSeconds > piece.startSeconds),
      "WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00.000\n",
    ),
  );
}
