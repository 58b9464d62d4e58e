import { dirname } from "node:path";
import { Poison } from "../errors.ts";
import { plateSize, type Size } from "./camera/plan.ts";
import type { Plate } from "./camera/shot.ts";
import { probe, runFfmpeg } from "./ffmpeg.ts";
import { guardInput, sniffPicture } from "./untrusted-input.ts";

/**
 * Decodes a picture from outside (PNG, JPEG, WebP) once, into a plate for each film size asked for: scaled by
 * Lanczos to cover the film at its closest zoom, cropped around the middle, BT.709 in limited range. Throws `Poison`
 * for what is no such picture or has too many pixels.
 */
export async function decodePicture(
  picture: string,
  plates: readonly { film: Size; to: string }[],
  signal: AbortSignal,
): Promise<Plate[]> {
  const guards = guardInput(await sniffPicture(picture));
  const { streams } = await probe(picture, { signal, untrusted: true, options: guards });
  const { width, height, pix_fmt: format } = streams[0] ?? {};
  // ffprobe exits 0 on a picture over the pixel limit, and just leaves out its size.
  if (!width || !height || !format) throw new Poison("media.unreadable", "A picture could not be read.");
  const planned = plates.map(({ film, to }) => ({ to, ...plateSize({ width, height }, film) }));
  await runFfmpeg({
    inputs: [{ source: picture, options: [...guards, "-threads", "1"] }],
    outputs: planned.map(({ to, scaled, plate }) => ({
      file: to,
      options: [
        ...["-frames:v", "1", "-vf", plateFilter(format, scaled, plate), "-f", "rawvideo"],
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
function plateFilter(format: string, scaled: Size, plate: Size): string {
  // Palettes would be converted by BT.601 whatever `scale` is told.
  const rgb = format.startsWith("yuv") ? "" : "format=gbrp,";
  const scale = `scale=${scaled.width}:${scaled.height}:flags=lanczos+accurate_rnd+full_chroma_int`;
  return `${rgb}${scale}:out_color_matrix=bt709:out_range=tv,format=yuv420p,crop=${plate.width}:${plate.height}`;
}
