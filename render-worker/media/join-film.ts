import { type FileHandle, open, readFile } from "node:fs/promises";
import { Transient } from "../errors.ts";
import { unpackAdts } from "./adts.ts";
import { aacFrameSamples, aacFramesPerGridStep, framesToSamples, gridFrames } from "./grid.ts";
import { type EncodedPictures, readPictures } from "./mp4/read-pictures.ts";
import { type FilmSamples, writeFilmHeader } from "./mp4/write-film-header.ts";
import type { Chunk } from "./mp4/write-samples.ts";
import { toMp4Language } from "./mp4-language.ts";

/** One scene's files, ready to be joined. */
export interface FilmPart {
  /** From `encodeSegment`. */
  pictures: string;
  /** From `encodeSceneSound`. */
  sound: string;
  frames: number;
  /** The scene's chapter title; any text of a user. */
  title: string;
}

/**
 * Joins scenes into one MP4 that can be played while it downloads. Nothing is encoded again: the film's
 * frames are the segments' frames. Every scene is read twice, first for the lengths of its frames, so that
 * no more than one scene is in memory.
 *
 * @param film `language` is the sound's, as a BCP 47 tag
 * @throws Transient if the disk is full; the signal's reason; Error if a file is cut
 */
export async function joinFilm(
  parts: readonly FilmPart[],
  film: { title: string; language: string; to: string },
  signal: AbortSignal,
): Promise<void> {
  const samples = await measure(parts, signal);
  const header = writeFilmHeader(samples, {
    title: oneLine(film.title),
    language: toMp4Language(film.language),
    chapters: parts.map(({ title, frames }) => ({ title: oneLine(title), frames })),
  });
  try {
    const file = await open(film.to, "w");
    try {
      await file.writeFile(header);
      for (const part of parts) await append(file, await readScene(part, signal));
    } finally {
      await file.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
    throw new Transient("ffmpeg.no_resources", "The machine ran out of disk space.", { cause: error });
  }
}

/** A player shows the title in one line. */
const oneLine = (text: string) => text.replace(/\p{Cc}+/gu, " ").trim();

/** A scene's samples, in pairs of as much picture as sound: a grid step each. */
interface Scene {
  pictures: EncodedPictures;
  soundConfig: Buffer;
  steps: { pictures: Buffer[]; sound: Buffer[] }[];
}

async function readScene(part: FilmPart, signal: AbortSignal): Promise<Scene> {
  signal.throwIfAborted();
  const pictures = readPictures(await readFile(part.pictures));
  const { frames: sound, config } = unpackAdts(await readFile(part.sound));
  if (pictures.frames.length !== part.frames || !pictures.frames[0]?.isKey)
    throw new Error("the scene's pictures are not as long as the scene");
  if (sound.length * aacFrameSamples !== framesToSamples(part.frames))
    throw new Error("the scene's sound is not as long as its pictures");
  const steps = Array.from({ length: part.frames / gridFrames }, (_, i) => ({
    pictures: slice(pictures.frames, i, gridFrames).map(({ bytes }) => bytes),
    sound: slice(sound, i, aacFramesPerGridStep),
  }));
  return { pictures, soundConfig: config, steps };
}

const slice = <T>(all: readonly T[], step: number, length: number) =>
  all.slice(step * length, (step + 1) * length);

/** Where every sample of the film will be. */
async function measure(parts: readonly FilmPart[], signal: AbortSignal): Promise<FilmSamples> {
  const entries: Buffer[] = [];
  const pictureSizes: number[] = [];
  const shownAfter: number[] = [];
  const keys: number[] = [];
  const soundSizes: number[] = [];
  const pictureChunks: Chunk[] = [];
  const soundChunks: Chunk[] = [];
  let form: Pick<FilmSamples, "pictures" | "soundConfig"> | undefined;
  let mediaBytes = 0;
  const place = (chunks: Chunk[], sizes: number[], samples: readonly Buffer[], entry: number) => {
    chunks.push({ offset: mediaBytes, samples: samples.length, entry });
    for (const { length } of samples) {
      sizes.push(length);
      mediaBytes += length;
    }
  };
  for (const part of parts) {
    const scene = await readScene(part, signal);
    const { sampleEntry, frames, width, height, timescale, delay } = scene.pictures;
    form ??= { pictures: { width, height, timescale, delay }, soundConfig: scene.soundConfig };
    if (delay !== form.pictures.delay) throw new Error("the scenes' pictures are not delayed alike");
    const known = entries.findIndex((entry) => entry.equals(sampleEntry));
    // A copy: the original is a part of the whole file's bytes.
    const entry = known < 0 ? entries.push(Buffer.from(sampleEntry)) - 1 : known;
    for (const [i, frame] of frames.entries()) {
      shownAfter.push(frame.shownAfter);
      if (frame.isKey) keys.push(pictureSizes.length + i);
    }
    for (const step of scene.steps) {
      place(pictureChunks, pictureSizes, step.pictures, entry);
      place(soundChunks, soundSizes, step.sound, 0);
    }
  }
  if (form === undefined) throw new Error("a film has at least one scene");
  return {
    ...form,
    ...{ entries, pictureSizes, shownAfter, keys, pictureChunks, soundSizes, soundChunks, mediaBytes },
  };
}

async function append(file: FileHandle, { steps }: Scene): Promise<void> {
  await file.writeFile(Buffer.concat(steps.flatMap(({ pictures, sound }) => [...pictures, ...sound])));
}
