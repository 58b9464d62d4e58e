/** Turns an uploaded photo, which is untrusted, into a picture that a provider may be sent. */
import { writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { colourFilters, readWholePicture, strict } from "./decode-picture.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { isTurned } from "./picture/orientation.ts";
import { guardInput, sniffPicture } from "./untrusted-input.ts";

/** Changes with everything that changes the picture. */
export const photoRecipe = "photo-1";

/** Pixels of the longer side. A reference sheet has as many. */
const longestEdge = 1024;
/** The largest block of memory that ffmpeg may allocate: `maxPixels` in four channels of 16 bits. */
const blockLimit = ["-max_alloc", String(384 * 1024 * 1024)];
/** The address space of the process: a few such blocks, and 500 MB for ffmpeg's libraries. */
const memoryBytes = 2 * 1024 ** 3;

/**
 * Decodes an uploaded photo (PNG, JPEG, WebP) and writes it anew as a JPEG to the file `to`: upright, in
 * sRGB, in the middle of a grey square of at most 1024 pixels, because a provider counts a square as two
 * thirds of another shape. Transparency is dropped. Nothing else of the file is kept: no location, no
 * thumbnail, no text. Only the first picture of an animation is read.
 *
 * @throws Poison `media.…` if it is no such picture, is cut or damaged, or has too many pixels
 */
export async function normalisePhoto(file: string, to: string, signal: AbortSignal): Promise<void> {
  const format = await sniffPicture(file);
  const encoded = await readWholePicture(file);
  const { width, height } = encoded.size;
  const upright = isTurned(encoded.orientation) ? { width: height, height: width } : encoded.size;
  const scale = Math.min(1, longestEdge / Math.max(upright.width, upright.height));
  const scaled = [upright.width, upright.height].map((edge) => Math.max(1, Math.round(edge * scale)));
  const edge = Math.max(...scaled);
  const pixels = `${to}.pixels`;
  await writeFile(pixels, encoded.pixels);
  const filters = [
    ...(await colourFilters(encoded, `${to}.cube`)),
    `scale=${scaled.join(":")}:flags=lanczos+accurate_rnd+full_chroma_int:out_color_matrix=bt601:out_range=pc`,
    `pad=${edge}:${edge}:-1:-1:gray`,
    "format=yuvj420p",
  ];
  await runFfmpeg({
    inputs: [{ source: pixels, options: [...blockLimit, ...guardInput(format), ...strict, "-threads", "1"] }],
    outputs: [
      {
        file: to,
        options: [
          ...["-frames:v", "1", "-vf", filters.join(","), "-map_metadata", "-1"],
          ...["-c:v", "mjpeg", "-q:v", "2", "-threads", "1", "-f", "mjpeg"],
        ],
      },
    ],
    cwd: dirname(to),
    signal,
    timeoutMs: 30_000,
    untrusted: true,
    memoryBytes,
  });
}
