/**
 * The film strip of a scene: small images of its pictures at even distances, raw and one after another. A
 * film's sprite sheet is put together from the strips of its scenes, so that no picture is decoded again.
 */
import { appendFile, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Size } from "./camera/plan.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { gridFrames } from "./grid.ts";
import { box, readBoxes } from "./mp4/boxes.ts";

/** Raise this when the images change: kept strips are then made again. */
export const stripRecipe = 1;

/** One image every so many frames. */
export const stripDistance = gridFrames;
const tileHeight = 90;

/** The size of an image, by the preview's. */
export const tileSize = (preview: Size): Size => ({
  width: 2 * Math.round((tileHeight * preview.width) / preview.height / 2),
  height: tileHeight,
});

/** The filters that make a strip of the pictures. */
export const stripFilter = (preview: Size): string => {
  const { width, height } = tileSize(preview);
  return `select=not(mod(n\\,${stripDistance})),scale=${width}:${height}:flags=area`;
};

/** The output options of a strip, after those that say what is drawn. */
export const stripFormat = ["-vsync", "0", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-threads", "1"];

/** The output options of a run of ffmpeg that writes the strip of its pictures. */
export const stripArgs = (preview: Size): string[] => ["-vf", stripFilter(preview), ...stripFormat];

/**
 * Writes the strip of an encoded segment, which is decoded for it.
 *
 * @throws Transient, Cancelled
 */
export async function cutStrip(
  segment: string,
  preview: Size,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  await runFfmpeg({
    inputs: [{ source: segment, options: ["-f", "mp4"] }],
    outputs: [{ file: to, options: stripArgs(preview) }],
    cwd: dirname(to),
    signal,
    timeoutMs: 60_000,
  });
}

/** The begin of the box that holds a strip, which players skip. */
const mark = Buffer.from(`strip ${stripRecipe}\n`);

/**
 * Moves a strip to the end of its segment's file, so that both are kept and read as one. Without a strip the
 * segment stays as it is.
 */
export async function attachStrip(segment: string, strip: string): Promise<void> {
  const images = await readFile(strip).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (images === null) return;
  await appendFile(segment, box("free", mark, images));
  await rm(strip);
}

/** The strip that is attached to the segment; null if there is none of this recipe. */
export async function readStrip(segment: string): Promise<Buffer | null> {
  const boxes = readBoxes(await readFile(segment));
  const attached = boxes.find(
    ({ type, body }) => type === "free" && body.subarray(0, mark.length).equals(mark),
  );
  return attached ? Buffer.from(attached.body.subarray(mark.length)) : null;
}
