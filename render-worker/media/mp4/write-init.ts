/** The init section of a fragmented MP4 of pictures and sound: all but the samples. */
import { sampleRate } from "../../../contract/film.ts";
import { box, fullBox, uint16, uint32 } from "./boxes.ts";
import type { EncodedPictures } from "./read-pictures.ts";

export const pictureTrack = 1;
export const soundTrack = 2;

/** Of a track's header: it is enabled and used in the presentation. */
const isUsed = 3;
/** A matrix that changes nothing: 16.16 and 2.30 fixed point. */
const identity = uint32(0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000);

/**
 * The init section. Its edit list takes off the delay that frames with B-frames have, also in browsers' buffers, so
 * that the film begins at 0.
 *
 * @param language three letters, as in ISO 639-2/T
 * @param audioConfig the AudioSpecificConfig of the sound
 * @source ISO/IEC 14496-12, 8.2 to 8.8
 */
export function writeInit(
  pictures: Pick<EncodedPictures, "width" | "height" | "timescale" | "delay" | "sampleEntry">,
  language: string,
  audioConfig: Buffer,
): Buffer {
  const { width, height, timescale, delay, sampleEntry } = pictures;
  const vmhd = fullBox("vmhd", 0, 1, uint16(0, 0, 0, 0));
  const smhd = fullBox("smhd", 0, 0, uint16(0, 0));
  return Buffer.concat([
    box("ftyp", Buffer.from("iso5"), uint32(512), Buffer.from("iso5iso6mp41")),
    box(
      "moov",
      movieHeader(),
      box(
        "trak",
        trackHeader(pictureTrack, { width, height, volume: 0 }),
        editFrom(delay),
        media({ timescale, language: "und", handler: "vide", name: "VideoHandler" }, vmhd, sampleEntry),
      ),
      box(
        "trak",
        trackHeader(soundTrack, { width: 0, height: 0, volume: 0x100 }),
        editFrom(0),
        media(
          { timescale: sampleRate, language, handler: "soun", name: "SoundHandler" },
          smhd,
          soundEntry(audioConfig),
        ),
      ),
      box("mvex", trackDefaults(pictureTrack), trackDefaults(soundTrack)),
    ),
  ]);
}

const movieHeader = () =>
  fullBox(
    "mvhd",
    0,
    0,
    uint32(0, 0, 1000, 0, 0x10000),
    uint16(0x100, 0, 0, 0, 0, 0),
    identity,
    Buffer.alloc(24),
    uint32(soundTrack),
  );

function trackHeader(
  track: number,
  { width, height, volume }: { width: number; height: number; volume: number },
): Buffer {
  const group = track === soundTrack ? 1 : 0;
  return fullBox(
    "tkhd",
    0,
    isUsed,
    uint32(0, 0, track, 0, 0, 0, 0),
    uint16(0, group, volume, 0),
    identity,
    uint32(width * 0x10000, height * 0x10000),
  );
}

/** Playing begins at this time of the track. */
const editFrom = (mediaTime: number) => box("edts", fullBox("elst", 0, 0, uint32(1, 0, mediaTime, 0x10000)));

function media(
  {
    timescale,
    language,
    handler,
    name,
  }: { timescale: number; language: string; handler: string; name: string },
  header: Buffer,
  sampleEntry: Buffer,
): Buffer {
  const none = uint32(0);
  return box(
    "mdia",
    fullBox("mdhd", 0, 0, uint32(0, 0, timescale, 0), uint16(packLanguage(language), 0)),
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
      box(
        "stbl",
        fullBox("stsd", 0, 0, uint32(1), sampleEntry),
        fullBox("stts", 0, 0, none),
        fullBox("stsc", 0, 0, none),
        fullBox("stsz", 0, 0, none, none),
        fullBox("stco", 0, 0, none),
      ),
    ),
  );
}

/** Three letters of five bits. */
const packLanguage = (language: string): number =>
  [...language].reduce((packed, letter) => packed * 32 + letter.charCodeAt(0) - 0x60, 0);

const trackDefaults = (track: number) => fullBox("trex", 0, 0, uint32(track, 1, 0, 0, 0));

/** The rate that the sound is encoded at; the same in all inits, whatever a scene's sound needs. */
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
