import { framesToSeconds } from "./grid.ts";

/** A rendition as the multivariant playlist lists it. */
export interface HlsVariant {
  /** Its playlist, relative to the multivariant one. */
  uri: string;
  width: number;
  height: number;
  codecs: string;
  /** Bits per second of its largest piece. */
  peakBitsPerSecond: number;
}

/**
 * The playlist of one rendition. While it grows it is of type EVENT: pieces are only ever added, so that a player
 * which joined early loses nothing; `ended` makes the same address an ordinary recording.
 * @source RFC 8216, section 4.3.3
 */
export function writeMediaPlaylist(pieceFrames: readonly number[], ended: boolean): string {
  const longest = Math.max(...pieceFrames.map(framesToSeconds), 1);
  return lines([
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${Math.ceil(longest)}`,
    "#EXT-X-PLAYLIST-TYPE:EVENT",
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    '#EXT-X-MAP:URI="init.mp4"',
    ...pieceFrames.flatMap((frames, index) => [
      `#EXTINF:${framesToSeconds(frames).toFixed(6)},`,
      `${index}.m4s`,
    ]),
    ...(ended ? ["#EXT-X-ENDLIST"] : []),
  ]);
}

export function writeMultivariantPlaylist(variants: readonly HlsVariant[]): string {
  return lines([
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...variants.flatMap(({ uri, width, height, codecs, peakBitsPerSecond }) => [
      `#EXT-X-STREAM-INF:BANDWIDTH=${Math.ceil(peakBitsPerSecond)},RESOLUTION=${width}x${height},FRAME-RATE=30.000,CODECS="${codecs}"`,
      uri,
    ]),
  ]);
}

const lines = (list: readonly string[]) => `${list.join("\n")}\n`;
