/** The boxes of an MP4's tracks, which a film and the init section of a stream share. */
import { sampleRate } from "../../../contract/film.ts";
import { box, fullBox, uint16, uint32 } from "./boxes.ts";

export const pictureTrack = 1;
export const soundTrack = 2;
/** The chapters' titles, which only a film has. */
export const chapterTrack = 3;

/** Of a track's header: it is enabled and used in the presentation. */
const isUsed = 3;
/** Used in the presentation, but not played by itself. */
const isUsedDisabled = 2;
/** A matrix that changes nothing: 16.16 and 2.30 fixed point. */
export const identity = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/** `durationTicks` counts ticks of `timescale` a second; the next track's number follows. */
export const movieHeader = (timescale: number, durationTicks: number, nextTrack: number) =>
  fullBox(
    "mvhd",
    0,
    0,
    uint32(0, 0, timescale, durationTicks, 0x10000),
    uint16(0x100, 0, 0, 0, 0, 0),
    identity,
    Buffer.alloc(24),
    uint32(nextTrack),
  );

/** `durationTicks` as in the movie's header. */
export function trackHeader(
  track: number,
  { width = 0, height = 0, durationTicks = 0 }: { width?: number; height?: number; durationTicks?: number },
): Buffer {
  const isSound = track === soundTrack;
  return fullBox(
    "tkhd",
    0,
    track === chapterTrack ? isUsedDisabled : isUsed,
    uint32(0, 0, track, 0, durationTicks, 0, 0),
    uint16(0, isSound ? 1 : 0, isSound ? 0x100 : 0, 0),
    identity,
    uint32(width * 0x10000, height * 0x10000),
  );
}

/** Playing begins at this time of the track. */
export const editFrom = (mediaTime: number, durationTicks = 0) =>
  box("edts", fullBox("elst", 0, 0, uint32(1, durationTicks, mediaTime, 0x10000)));

/** What a track holds. */
export interface TrackMedia {
  timescale: number;
  durationTicks?: number;
  /** Three letters, as in ISO 639-2/T. */
  language: string;
  handler: "vide" | "soun" | "text";
  name: string;
  /** The media header box of its kind. */
  header: Buffer;
  sampleEntries: readonly Buffer[];
}

/** `tables`: the boxes that say when and where the samples are. */
export const media = (
  { timescale, durationTicks = 0, language, handler, name, header, sampleEntries }: TrackMedia,
  tables: readonly Buffer[],
): Buffer =>
  box(
    "mdia",
    fullBox("mdhd", 0, 0, uint32(0, 0, timescale, durationTicks), uint16(packLanguage(language), 0)),
    fullBox(
      "hdlr",
      0,
      0,
      uint32(0),
      Buffer.from(handler, "latin1"),
      Buffer.alloc(12),
      Buffer.from(`${name}\0`, "latin1"),
    ),
    box(
      "minf",
      header,
      box("dinf", fullBox("dref", 0, 0, uint32(1), fullBox("url ", 0, 1))),
      box("stbl", fullBox("stsd", 0, 0, uint32(sampleEntries.length), ...sampleEntries), ...tables),
    ),
  );

/** Three letters of five bits. */
const packLanguage = (language: string): number =>
  [...language].reduce((packed, letter) => packed * 32 + letter.charCodeAt(0) - 0x60, 0);

/** `timescale`: ticks a second. */
export const pictureMedia = (timescale: number, sampleEntries: readonly Buffer[]) => ({
  ...{ timescale, language: "und", handler: "vide" as const, name: "VideoHandler", sampleEntries },
  header: fullBox("vmhd", 0, 1, uint16(0, 0, 0, 0)),
});

/** `config`: the AudioSpecificConfig. */
export const soundMedia = (language: string, config: Buffer) => ({
  ...{ timescale: sampleRate, language, handler: "soun" as const, name: "SoundHandler" },
  header: fullBox("smhd", 0, 0, uint16(0, 0)),
  sampleEntries: [soundEntry(config)],
});

/** The rate that the sound is encoded at; the same in all films, whatever a scene's sound needs. */
const soundBitsPerSecond = 192_000;

/**
 * The sample entry of AAC in stereo.
 *
 * @source ISO/IEC 14496-14, 5.6; ISO/IEC 14496-1, 7.2.6 (the descriptors)
 */
function soundEntry(audioConfig: Buffer): Buffer {
  const bitRates = uint32(soundBitsPerSecond, soundBitsPerSecond);
  const [aac, audioStream] = [0x40, 0x15];
  const decoder = Buffer.concat([
    Buffer.from([aac, audioStream, 0, 0, 0]),
    bitRates,
    descriptor(5, audioConfig),
  ]);
  const stream = Buffer.concat([
    uint16(soundTrack),
    Buffer.from([0]),
    descriptor(4, decoder),
    descriptor(6, Buffer.from([2])),
  ]);
  return box(
    "mp4a",
    Buffer.alloc(6),
    uint16(1),
    uint32(0, 0),
    uint16(2, 16, 0, 0),
    uint32(sampleRate * 0x10000),
    fullBox("esds", 0, 0, descriptor(3, stream)),
  );
}

const descriptor = (tag: number, body: Buffer) =>
  Buffer.concat([Buffer.from([tag, 0x80, 0x80, 0x80, body.length]), body]);
