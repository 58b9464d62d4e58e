import { readFile, stat, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { Poison } from "../errors.ts";
import { plateSize, type Size } from "./camera/plan.ts";
import type { Plate } from "./camera/shot.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import type { EncodedPicture } from "./picture/encoded-picture.ts";
import { isTurned, uprightFilters } from "./picture/orientation.ts";
import { readPicture } from "./picture/read-picture.ts";
import { buildSrgbTable } from "./picture/to-srgb.ts";
import { guardInput, maxPixels, sniffPicture } from "./untrusted-input.ts";

/** No provider's picture of `maxPixels` comes near this size. */
const largestFileBytes = 128 * 1024 * 1024;

/**
 * Decodes an untrusted picture (PNG, JPEG, WebP) into one plate per film size: upright by its EXIF
 * orientation, in sRGB, scaled by Lanczos to cover the film at its closest zoom, cropped around the middle,
 * BT.709 in limited range.
 *
 * @throws Poison if it is no such picture, is cut or damaged, has too many pixels or is a strip
 */
export async function decodePicture(
  picture: string,
  plates: readonly { filmSize: Size; to: string }[],
  signal: AbortSignal,
): Promise<Plate[]> {
  const format = await sniffPicture(picture);
  const encoded = await readWholePicture(picture);
  const { width, height } = encoded.size;
  const upright = isTurned(encoded.orientation) ? { width: height, height: width } : encoded.size;
  const planned = plates.map(({ filmSize, to }) => ({ to, ...plateSize(upright, filmSize) }));
  if (planned.some(({ scaled }) => scaled.width * scaled.height > maxPixels))
    throw new Poison("media.odd_shape", "The picture's shape is too far from the film's.");
  const first = planned[0]?.to ?? picture;
  await writeFile(`${first}.pixels`, encoded.pixels);
  const filters = await colourFilters(encoded, `${first}.cube`);
  await runFfmpeg({
    inputs: [{ source: `${first}.pixels`, options: [...guardInput(format), ...strict, "-threads", "1"] }],
    outputs: planned.map(({ to, scaled, plate }) => ({
      file: to,
      options: [
        ...["-frames:v", "1", "-vf", plateFilter(filters, scaled, plate), "-f", "rawvideo"],
        ...["-pix_fmt", "yuv420p", "-threads", "1"],
      ],
    })),
    cwd: dirname(first),
    signal,
    timeoutMs: 30_000,
    untrusted: true,
  });
  return planned.map(({ to, plate }) => ({ file: to, ...plate }));
}

/** Without these ffmpeg fills the missing part of a JPEG with grey or green and reports success. */
const strict = ["-err_detect", "crccheck+explode", "-noautorotate"];

async function readWholePicture(file: string): Promise<EncodedPicture> {
  const isTooLarge = (await stat(file)).size > largestFileBytes;
  const encoded = isTooLarge ? null : readPicture(await readFile(file));
  if (encoded === null) throw new Poison("media.unreadable", "The picture could not be read.");
  return encoded;
}

/** Writes the lookup table that the filters read, if one is needed. */
async function colourFilters({ orientation, profile }: EncodedPicture, tableFile: string): Promise<string[]> {
  const table = profile && buildSrgbTable(profile);
  if (table) await writeFile(tableFile, table);
  const toSrgb = table ? [`lut3d=file=${basename(tableFile)}:interp=tetrahedral`] : [];
  // Converts to RGB first: a picture with a palette would be converted by BT.601, whatever `scale` specifies.
  return ["format=gbrp", ...uprightFilters[orientation], ...toSrgb];
}

/** H.264 places chroma on even columns and between rows; `scale` would place it between columns. */
const planes = "out_color_matrix=bt709:out_range=tv:out_h_chr_pos=0:out_v_chr_pos=128";

/** Transparency is dropped. */
function plateFilter(filters: readonly string[], scaled: Size, plate: Size): string {
  return [
    ...filters,
    `scale=${scaled.width}:${scaled.height}:flags=lanczos+accurate_rnd+full_chroma_int:${planes}`,
    "format=yuv420p",
    `crop=${plate.width}:${plate.height}`,
  ].join(",");
}
