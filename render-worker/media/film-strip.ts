/**
 * The film strip of a scene: small images of its pictures at even distances, raw and one after another. A film's sprite
 * sheet is put together from the strips of its scenes, so that no picture is decoded again.
 */
import { dirname } from "node:path";
import type { Size } from "./camera/plan.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { gridFrames } from "./grid.ts";

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

/** The output options of a run of ffmpeg that writes the strip of its pictures. */
export const stripArgs = (preview: Size): string[] => {
  const { width, height } = tileSize(preview);
  const filter = `select=not(mod(n\\,${stripDistance})),scale=${width}:${height}:flags=area`;
  return ["-vf", filter, "-vsync", "0", "-f", "rawvideo", "-pix_fmt", "yuv420p", "-threads", "1"];
};

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
