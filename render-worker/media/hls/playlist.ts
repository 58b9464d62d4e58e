import { framesPerSecond } from "../../../contract/film.ts";
import { framesToSeconds, longestPieceFrames } from "../grid.ts";
import type { BitRates } from "./bit-rates.ts";

/** The target duration: no piece is longer, and it never changes. @source RFC 8216, 4.3.3.1 and 6.2.1 */
export const targetSeconds = Math.ceil(framesToSeconds(longestPieceFrames));

export interface PlaylistPiece {
  uri: string;
  frames: number;
}

/**
 * One rendition's playlist, to be published again after each new piece. It only grows: players start at the
 * beginning and take each piece as it comes. With `ended` it is a finished film's. `init`: null for captions.
 *
 * @source RFC 8216, 4.3.3 and 6.2.1
 * @throws Error if a piece is longer than the target duration
 */
export function writePlaylist(
  init: string | null,
  pieces: readonly PlaylistPiece[],
  { ended }: { ended: boolean },
): string {
  const tooLong = pieces.find((piece) => piece.frames > longestPieceFrames);
  if (tooLong) throw new Error(`${tooLong.uri} is longer than the playlist's target duration`);
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    `#EXT-X-TARGETDURATION:${targetSeconds}`,
    "#EXT-X-MEDIA-SEQUENCE:0",
    "#EXT-X-PLAYLIST-TYPE:EVENT",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...(init === null ? [] : [`#EXT-X-MAP:URI="${init}"`]),
    ...pieces.flatMap(({ uri, frames }) => [`#EXTINF:${framesToSeconds(frames).toFixed(6)},`, uri]),
    ...(ended ? ["#EXT-X-ENDLIST"] : []),
    "",
  ].join("\n");
}

export interface ListedRendition extends BitRates {
  uri: string;
  width: number;
  height: number;
  videoCodec: string;
}

/**
 * The stream cannot be signed while it grows; this says to machines that AI made it.
 *
 * @source RFC 8216, section 4.3.4.4; cv.iptc.org/newscodes/digitalsourcetype
 */
const madeWithAi =
  '#EXT-X-SESSION-DATA:DATA-ID="org.iptc.digitalsourcetype",' +
  'VALUE="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"';

export interface ListedCaptions {
  uri: string;
  /** As a BCP 47 tag. */
  language: string;
  /** The pictures contain the words, so no player must show the captions by itself. */
  areInPictures: boolean;
}

const captionGroup = "captions";

/**
 * The multivariant playlist. Players join the first rendition that is listed, so the smallest comes first;
 * they read the playlist once, so it lists every rendition from its first version on.
 */
export function writeMultivariantPlaylist(
  renditions: readonly ListedRendition[],
  captions: ListedCaptions | null = null,
): string {
  const variants = renditions.flatMap((rendition) => {
    const { uri, width, height, videoCodec, peakBitsPerSecond, averageBitsPerSecond } = rendition;
    return [
      `#EXT-X-STREAM-INF:BANDWIDTH=${Math.ceil(peakBitsPerSecond)},` +
        `AVERAGE-BANDWIDTH=${Math.ceil(averageBitsPerSecond)},CODECS="${videoCodec},mp4a.40.2",` +
        `RESOLUTION=${width}x${height},FRAME-RATE=${framesPerSecond}.000` +
        (captions === null ? "" : `,SUBTITLES="${captionGroup}"`),
      uri,
    ];
  });
  return [
    "#EXTM3U",
    "#EXT-X-VERSION:7",
    "#EXT-X-INDEPENDENT-SEGMENTS",
    ...(captions === null ? [] : [listCaptions(captions)]),
    ...variants,
    madeWithAi,
    "",
  ].join("\n");
}

/** @source RFC 8216, section 4.3.4.1 */
function listCaptions({ uri, language, areInPictures }: ListedCaptions): string {
  const name = new Intl.DisplayNames([language], { type: "language", fallback: "code" }).of(language);
  return (
    `#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="${captionGroup}",NAME="${(name ?? language).replaceAll('"', "")}",` +
    `LANGUAGE="${language}",DEFAULT=NO,AUTOSELECT=${areInPictures ? "NO" : "YES"},FORCED=NO,URI="${uri}"`
  );
}
