import { aacFrameSamples } from "../grid.ts";
import { box, fullBox, uint32, uint64 } from "./boxes.ts";
import type { EncodedFrame } from "./read-pictures.ts";
import { pictureTrack, soundTrack } from "./write-tracks.ts";

/**
 * Flags of a track fragment's header: offsets count from the moof box; default duration, size and flags
 * follow.
 */
const fragmentFlags = 0x020038;
/**
 * Flags of a track run: the data's offset, the first sample's flags, and each sample's size and time offset
 * follow.
 */
const pictureRunFlags = 0x000a05;
/** The data's offset and each sample's size follow. */
const soundRunFlags = 0x000201;
/** Sample flags: the sample needs no other, or needs others. */
const [independent, dependent] = [0x02000000, 0x01010000];

/** The pictures and the sound of a piece of a film. */
export interface Fragment {
  /** The first is a key frame. */
  pictures: readonly EncodedFrame[];
  /** The duration of each picture, in ticks. */
  pictureTicks: number;
  /** The time at which the first picture is decoded, in ticks from the film's start. */
  pictureStart: number;
  /** AAC frames without their ADTS headers. */
  sound: readonly Buffer[];
  /** In samples from the film's start. */
  soundStart: number;
}

/**
 * A moof box and its mdat.
 *
 * @param number counts from 1
 * @source ISO/IEC 14496-12, 8.8.4 to 8.8.12
 */
export function writeFragment(
  { pictures, pictureTicks, pictureStart, sound, soundStart }: Fragment,
  number: number,
): Buffer {
  const media = [...pictures.map(({ bytes }) => bytes), ...sound];
  const picturesLength = pictures.reduce((sum, { bytes }) => sum + bytes.length, 0);
  const write = (dataStart: number) =>
    box(
      "moof",
      fullBox("mfhd", 0, 0, uint32(number)),
      box(
        "traf",
        fullBox(
          "tfhd",
          0,
          fragmentFlags,
          uint32(pictureTrack, pictureTicks, pictures[0]?.bytes.length ?? 0, dependent),
        ),
        fullBox("tfdt", 1, 0, uint64(pictureStart)),
        fullBox(
          "trun",
          0,
          pictureRunFlags,
          uint32(pictures.length, dataStart, independent),
          uint32(...pictures.flatMap(({ bytes, shownAfter }) => [bytes.length, shownAfter])),
        ),
      ),
      box(
        "traf",
        fullBox(
          "tfhd",
          0,
          fragmentFlags,
          uint32(soundTrack, aacFrameSamples, sound[0]?.length ?? 0, independent),
        ),
        fullBox("tfdt", 1, 0, uint64(soundStart)),
        fullBox(
          "trun",
          0,
          soundRunFlags,
          uint32(sound.length, dataStart + picturesLength),
          uint32(...sound.map((frame) => frame.length)),
        ),
      ),
    );
  // The offsets count from the moof's start, and do not change its length.
  const headerLength = write(0).length + 8;
  return Buffer.concat([write(headerLength), box("mdat", ...media)]);
}
