/** The head of a film's MP4: all but its media, so that the film can be played while it downloads. */
import { aacFrameSamples, framesToSamples } from "../grid.ts";
import { frameTicks } from "../tags.ts";
import { box, fullBox, uint16, uint32, uint64 } from "./boxes.ts";
import { type Chapter, chapterEntry, chapterHeader, writeChapterSample } from "./chapters.ts";
import type { EncodedPictures } from "./read-pictures.ts";
import { type Chunk, durations, keySamples, places, shownAfter } from "./write-samples.ts";
import {
  chapterTrack,
  editFrom,
  media,
  movieHeader,
  pictureMedia,
  pictureTrack,
  soundMedia,
  soundTrack,
  trackHeader,
} from "./write-tracks.ts";

/** The samples of a film. Offsets count from the start of its media. */
export interface FilmSamples {
  pictures: Pick<EncodedPictures, "width" | "height" | "timescale" | "delay">;
  /** The sample entries of the pictures. */
  entries: readonly Buffer[];
  pictureSizes: readonly number[];
  shownAfter: readonly number[];
  /** Key frames, counted from 0. */
  keys: readonly number[];
  pictureChunks: readonly Chunk[];
  /** The AudioSpecificConfig. */
  soundConfig: Buffer;
  soundSizes: readonly number[];
  soundChunks: readonly Chunk[];
  mediaBytes: number;
}

export interface FilmTexts {
  title: string;
  /** Three letters, as in ISO 639-2/T. */
  language: string;
  chapters: readonly Chapter[];
}

/**
 * The bytes before the film's media. The chapters' titles are a part of them.
 *
 * @source ISO/IEC 14496-12, 8; QuickTime File Format, "Chapter Lists" and "Text Media"
 */
export function writeFilmHeader(samples: FilmSamples, texts: FilmTexts): Buffer {
  const titles = texts.chapters.map(({ title }) => writeChapterSample(title));
  const ftyp = box("ftyp", Buffer.from("isom"), uint32(512), Buffer.from("isomiso2avc1mp41"));
  // Offsets do not change the length.
  const length = ftyp.length + writeMovie(samples, texts, titles, 0).length + mdatHeaderBytes;
  const chapters = Buffer.concat(titles);
  const mdat = Buffer.concat([
    uint32(mdatHeaderBytes + chapters.length + samples.mediaBytes),
    Buffer.from("mdat"),
  ]);
  return Buffer.concat([ftyp, writeMovie(samples, texts, titles, length), mdat, chapters]);
}

const mdatHeaderBytes = 8;

function writeMovie(
  samples: FilmSamples,
  texts: FilmTexts,
  titles: readonly Buffer[],
  start: number,
): Buffer {
  const { pictures, pictureSizes, soundSizes, entries } = samples;
  const { timescale, width, height, delay } = pictures;
  const durationTicks = pictureSizes.length * frameTicks;
  const mediaStart = start + titles.reduce((sum, { length }) => sum + length, 0);
  const moved = (chunks: readonly Chunk[]) =>
    chunks.map((chunk) => ({ ...chunk, offset: chunk.offset + mediaStart }));
  const chapters = box("tref", box("chap", uint32(chapterTrack)));
  return box(
    "moov",
    movieHeader(timescale, durationTicks, chapterTrack + 1),
    box(
      "trak",
      trackHeader(pictureTrack, { width, height, durationTicks }),
      editFrom(delay, durationTicks),
      chapters,
      media({ ...pictureMedia(timescale, entries), durationTicks }, [
        durations(pictureSizes.map(() => frameTicks)),
        keySamples(samples.keys),
        shownAfter(samples.shownAfter),
        ...places(pictureSizes, moved(samples.pictureChunks)),
      ]),
    ),
    box(
      "trak",
      trackHeader(soundTrack, { durationTicks }),
      editFrom(0, durationTicks),
      chapters,
      media(
        {
          ...soundMedia(texts.language, samples.soundConfig),
          durationTicks: framesToSamples(pictureSizes.length),
        },
        [
          durations(soundSizes.map(() => aacFrameSamples)),
          ...places(soundSizes, moved(samples.soundChunks)),
          // A decoder that begins at a frame needs the one before it.
          fullBox("sgpd", 1, 0, Buffer.from("roll"), uint32(2, 1), uint16(0xffff)),
          fullBox("sbgp", 0, 0, Buffer.from("roll"), uint32(1, soundSizes.length, 1)),
        ],
      ),
    ),
    box(
      "trak",
      trackHeader(chapterTrack, { durationTicks }),
      editFrom(0, durationTicks),
      media(
        {
          ...{ timescale, durationTicks, language: "und", handler: "text", name: "SubtitleHandler" },
          header: chapterHeader(),
          sampleEntries: [chapterEntry()],
        },
        [
          durations(texts.chapters.map(({ frames }) => frames * frameTicks)),
          ...places(
            titles.map(({ length }) => length),
            [{ offset: start, samples: titles.length, entry: 0 }],
          ),
        ],
      ),
    ),
    box("udta", movieTitle(texts.title), chapterList(texts.chapters)),
  );
}

/** @source QuickTime File Format, "Metadata"; 1: UTF-8 */
const movieTitle = (title: string) =>
  fullBox(
    "meta",
    0,
    0,
    fullBox("hdlr", 0, 0, uint32(0), Buffer.from("mdirappl"), Buffer.alloc(9)),
    box("ilst", box("\u00a9nam", box("data", uint32(1, 0), Buffer.from(title)))),
  );

/**
 * The chapters as other players than Apple's read them: their starts in units of 100 ns, and at most 255
 * bytes of title.
 */
function chapterList(chapters: readonly Chapter[]): Buffer {
  let frame = 0;
  const listed = chapters.slice(0, mostListed).map(({ title, frames }) => {
    const start = Math.round((frame * 10_000_000) / 30);
    frame += frames;
    const text = cutUtf8(title, 255);
    return Buffer.concat([uint64(start), Buffer.from([text.length]), text]);
  });
  return fullBox("chpl", 1, 0, uint32(0), Buffer.from([listed.length]), ...listed);
}

const mostListed = 255;

/** At most so many bytes of the text, without a cut character. */
function cutUtf8(text: string, most: number): Buffer {
  const bytes = Buffer.from(text);
  let end = Math.min(most, bytes.length);
  while (end < bytes.length && ((bytes[end] as number) & 0xc0) === 0x80) end--;
  return bytes.subarray(0, end);
}
