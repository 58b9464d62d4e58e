/** The init section of a fragmented MP4 of pictures and sound: all but the samples. */
import { box, fullBox, uint32 } from "./boxes.ts";
import type { EncodedPictures } from "./read-pictures.ts";
import {
  editFrom,
  media,
  movieHeader,
  pictureMedia,
  pictureTrack,
  soundMedia,
  soundTrack,
  trackHeader,
} from "./write-tracks.ts";

/**
 * The init section. Its edit list takes off the delay that frames with B-frames have, also in browsers'
 * buffers, so that the film begins at 0.
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
  return Buffer.concat([
    box("ftyp", Buffer.from("iso5"), uint32(512), Buffer.from("iso5iso6mp41")),
    box(
      "moov",
      movieHeader(1000, 0, soundTrack),
      box(
        "trak",
        trackHeader(pictureTrack, { width, height }),
        editFrom(delay),
        media(pictureMedia(timescale, [sampleEntry]), noSamples),
      ),
      box(
        "trak",
        trackHeader(soundTrack, {}),
        editFrom(0),
        media(soundMedia(language, audioConfig), noSamples),
      ),
      box("mvex", trackDefaults(pictureTrack), trackDefaults(soundTrack)),
    ),
  ]);
}

const none = uint32(0);
const noSamples = [
  fullBox("stts", 0, 0, none),
  fullBox("stsc", 0, 0, none),
  fullBox("stsz", 0, 0, none, none),
  fullBox("stco", 0, 0, none),
];

const trackDefaults = (track: number) => fullBox("trex", 0, 0, uint32(track, 1, 0, 0, 0));
