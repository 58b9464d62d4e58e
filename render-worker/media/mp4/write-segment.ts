import { frameTicks } from "../tags.ts";
import { box, uint32 } from "./boxes.ts";
import type { EncodedPictures } from "./read-pictures.ts";
import { durations, keySamples, places, shownAfter } from "./write-samples.ts";
import { editFrom, media, movieHeader, pictureMedia, pictureTrack, trackHeader } from "./write-tracks.ts";

/**
 * An MP4 of these pictures alone, as `readPictures` reads it.
 *
 * @source ISO/IEC 14496-12, 8
 */
export function writeSegment(pictures: EncodedPictures): Buffer {
  const { frames, width, height, timescale, delay, sampleEntry } = pictures;
  const durationTicks = frames.length * frameTicks;
  const sizes = frames.map(({ bytes }) => bytes.length);
  const ftyp = box("ftyp", Buffer.from("isom"), uint32(512), Buffer.from("isomiso2avc1mp41"));
  const movie = (offset: number) =>
    box(
      "moov",
      movieHeader(timescale, durationTicks, pictureTrack + 1),
      box(
        "trak",
        trackHeader(pictureTrack, { width, height, durationTicks }),
        editFrom(delay, durationTicks),
        media({ ...pictureMedia(timescale, [sampleEntry]), durationTicks }, [
          durations(sizes.map(() => frameTicks)),
          keySamples(frames.flatMap(({ isKey }, i) => (isKey ? [i] : []))),
          shownAfter(frames.map((frame) => frame.shownAfter)),
          ...places(sizes, [{ offset, samples: frames.length, entry: 0 }]),
        ]),
      ),
    );
  // The offset does not change the length.
  const start = ftyp.length + movie(0).length + mdatHeaderBytes;
  return Buffer.concat([ftyp, movie(start), box("mdat", ...frames.map(({ bytes }) => bytes))]);
}

const mdatHeaderBytes = 8;
