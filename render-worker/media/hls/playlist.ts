import { framesPerSecond } from "../../../contract/film.ts";
import { framesToSeconds } from "../grid.ts";

export interface PlaylistPiece {
  uri: string;
  frames: number;
}

/**
 * One rendition's playlist, to be published again after each new piece. Append-only: players start at the beginning
 * and take each piece as it comes; with `ended` it is an ordinary film.
 * `longestFrames` bounds every piece that will ever come: a playlist's target duration may never change.
 *
 * @source RFC 8216, 4.3.3 and 6.2.1
 */
export function writePlaylist(
  init: string,
  pieces: readonly PlaylistPiece[],
  { ended, longestFrames }: { ended: boolean; longestFrames: number },
): string {
  const tooLong = pieces.find((piece) => piece.frames > longestFrames);
  if (tooLong) throw new Error(`${tooLong.uri} is longer than the playlist promised`);
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.ceil(framesToSeconds(longestFrames))}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:EVENT",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    `#EXT-X-MAP:URI="${init}"`,
    ...pieces.flatMap(({ uri, frames }) => [`#EXTINF:${framesToSeconds(frames).toFixed(6)},`, uri]),
    ...(ended ? ["#EXT-X-ENDLIST"] : []),
    "",
  ].join("\n");
}

export interface Rendition {
  uri: string;
  width: number;
  height: number;
  videoCodec: string;
  /** Of the largest piece, pictures and sound. */
  peakBitsPerSecond: number;
}

/** The playlist of playlists, the best rendition last. */
export function writeMultivariantPlaylist(renditions: readonly Rendition[]): string {
  const variants = renditions.flatMap(({ uri, width, height, videoCodec, peakBitsPerSecond }) => [
    `#EXT-X-STREAM-INF:BANDWIDTH=${Math.ceil(peakBitsPerSecond)},CODECS="${videoCodec},mp4a.40.2",` +
      `RESOLUTION=${width}x${height},FRAME-RATE=${framesPerSecond}.000`,
    uri,
  ]);
  return ["#EXTM3U", "#EXT-X-VERSION:7", "#EXT-X-INDEPENDENT-SEGMENTS", ...variants, ""].join("\n");
}
