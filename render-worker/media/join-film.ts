import { open, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { runFfmpeg } from "./ffmpeg.ts";
import { framesToSeconds } from "./grid.ts";
import { toMp4Language } from "./mp4-language.ts";
import { exactTimes } from "./tags.ts";

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
 * frames are the segments' frames.
 *
 * @param film `language` is the sound's, as a BCP 47 tag
 * @param folder takes the lists that ffmpeg reads; the worker must have chosen the paths of all parts
 * @throws Transient, Cancelled
 */
export async function joinFilm(
  parts: readonly FilmPart[],
  film: { title: string; language: string; to: string },
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const stem = join(folder, basename(film.to, ".mp4"));
  const [list, sound, metadata] = [`${stem}.ffconcat`, `${stem}.aac`, `${stem}.ffmeta`];
  await writeFile(list, writeConcatList(parts));
  await writeFile(metadata, writeMetadata(film.title, parts));
  await appendAll(parts, sound);
  await runFfmpeg({
    inputs: [
      { source: list, options: ["-f", "concat", "-safe", "0"] },
      { source: sound, options: ["-f", "aac"] },
      { source: metadata, options: ["-f", "ffmetadata"] },
    ],
    outputs: [
      {
        file: film.to,
        options: [
          ...["-map", "0:v:0", "-map", "1:a:0", "-map_metadata", "2", "-map_chapters", "2", "-c", "copy"],
          ...["-metadata:s:a:0", `language=${toMp4Language(film.language)}`],
          ...["-bsf:a", "aac_adtstoasc", ...exactTimes, "-movflags", "+faststart", "-f", "mp4"],
        ],
      },
    ],
    cwd: folder,
    signal,
    timeoutMs: 120_000,
  });
}

/** ADTS frames can simply be appended. */
async function appendAll(parts: readonly FilmPart[], to: string): Promise<void> {
  const file = await open(to, "w");
  try {
    for (const part of parts) await file.write(await readFile(part.sound));
  } finally {
    await file.close();
  }
}

/**
 * The list for ffmpeg's concat demuxer. It states the durations, because those in the files' headers are
 * rounded.
 */
export function writeConcatList(parts: readonly Pick<FilmPart, "pictures" | "frames">[]): string {
  const entries = parts.map(({ pictures, frames }) => {
    const quoted = pictures.replaceAll("'", "'\\''");
    return `file 'file:${quoted}'\nduration ${framesToSeconds(frames).toFixed(6)}\n`;
  });
  return `ffconcat version 1.0\n${entries.join("")}`;
}

/** Title and chapters in ffmpeg's metadata format, which escapes five characters with a backslash. */
export function writeMetadata(title: string, parts: readonly Pick<FilmPart, "title" | "frames">[]): string {
  let frame = 0;
  const chapters = parts.map((part) => {
    const start = frame;
    frame += part.frames;
    return `[CHAPTER]\nTIMEBASE=1/30\nSTART=${start}\nEND=${frame}\ntitle=${escapeMetadata(part.title)}\n`;
  });
  return `;FFMETADATA1\ntitle=${escapeMetadata(title)}\n${chapters.join("")}`;
}

const escapeMetadata = (text: string) =>
  text
    .replace(/\p{Cc}+/gu, " ")
    .replace(/[=;#\\]/g, "\\$&")
    .trim();
