import { dirname } from "node:path";
import { Poison } from "../errors.ts";
import { plateSize, type Size } from "./camera/plan.ts";
import type { Plate } from "./camera/shot.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { readPictureSize } from "./read-picture-size.ts";
import { guardInput, maxPixels, sniffPicture } from "./untrusted-input.ts";

/**
 * Decodes a picture from outside (PNG, JPEG, WebP) once, into a plate for each film size asked for: scaled by
 * Lanczos to cover the film at its closest zoom, cropped around the middle, BT.709 in limited range. Throws `Poison`
 * for what is no such picture, has too many pixels or is a strip.
 */
export async function decodePicture(
  picture: string,
  plates: readonly { film: Size; to: string }[],
  signal: AbortSignal,
): Promise<Plate[]> {
  const format = await sniffPicture(picture);
  const size = readPictureSize(format.head);
  if (!size) throw new Poison("media.unreadable", "A picture could not be read.");
  const planned = plates.map(({ film, to }) => ({ to, ...plateSize(size, film) }));
  if (planned.some(({ scaled }) => scaled.width * scaled.height > maxPixels))
    throw new Poison("media.odd_shape", "A picture's shape is too far from the film's.");
  await runFfmpeg({
    inputs: [{ source: picture, options: [...guardInput(format), "-threads", "1"] }],
    outputs: planned.map(({ to, scaled, plate }) => ({
      file: to,
      options: [
        ...["-frames:v", "1", "-vf", plateFilter(scaled, plate), "-f", "rawvideo"],
        ...["-pix_fmt", "yuv420p", "-threads", "1"],
      ],
    })),
    cwd: dirname(planned[0]?.to ?? picture),
    signal,
    timeoutMs: 30_000,
    untrusted: true,
  });
  return planned.map(({ to, plate }) => ({ file: to, ...plate }));
}

/** Transparency is left out. */
function plateFilter(scaled: Size, plate: Size): string {
  const scale = `scale=${scaled.width}:${scaled.height}:flags=lanczos+accurate_rnd+full_chroma_int`;
  // First to RGB, for those with a palette, which would be converted by BT.601 whatever `scale` is told.
  return `format=gbrp,${scale}:out_color_matrix=bt709:out_range=tv,format=yuv420p,crop=${plate.width}:${plate.height}`;
}
