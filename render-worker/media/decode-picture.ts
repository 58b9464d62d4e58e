import { readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { FocusBox } from "../../contract/storyboard.ts";
import { Poison } from "../errors.ts";
import { cutBands, type Framing, framePicture } from "./camera/frame-picture.ts";
import { planeSizes } from "./camera/layout.ts";
import { plateSize, type Size } from "./camera/plan.ts";
import type { Plate } from "./camera/shot.ts";
import { runFfmpeg } from "./ffmpeg.ts";
import { findAttention } from "./focus/find-focus.ts";
import { thumbnailEdge } from "./focus/thumbnail.ts";
import { grainPlate } from "./grain-plate.ts";
import type { EncodedPicture } from "./picture/encoded-picture.ts";
import { isTurned, uprightFilters } from "./picture/orientation.ts";
import { readPicture } from "./picture/read-picture.ts";
import { buildSrgbTable } from "./picture/to-srgb.ts";
import { guardInput, maxPixels, sniffPicture } from "./untrusted-input.ts";

/** No provider's picture of `maxPixels` comes near this size. */
const largestFileBytes = 128 * 1024 * 1024;

/**
 * Decodes an untrusted picture (PNG, JPEG, WebP) into one plate per film size, in their order: upright by its
 * EXIF orientation, in sRGB, scaled by Lanczos to cover the film at its closest zoom, cropped around its
 * subject, BT.709 in limited range, dark ones with at least a faint grain. Every plate says where the subject
 * is.
 *
 * @param hint where the storyboard expects the subject
 * @throws Poison if it is no such picture, is cut or damaged, has too many pixels or is a strip
 */
export async function decodePicture(
  picture: string,
  plates: readonly { filmSize: Size; to: string }[],
  signal: AbortSignal,
  hint: FocusBox | null = null,
): Promise<Plate[]> {
  const format = await sniffPicture(picture);
  const encoded = await readWholePicture(picture);
  const { width, height } = encoded.size;
  const size = isTurned(encoded.orientation) ? { width: height, height: width } : encoded.size;
  const planned = plates.map(({ filmSize, to }) => ({ to, filmSize, ...plateSize(size, filmSize) }));
  if (planned.some(({ scaled }) => scaled.width * scaled.height > maxPixels))
    throw new Poison("media.odd_shape", "The picture's shape is too far from the film's.");
  const first = planned[0]?.to ?? picture;
  await writeFile(`${first}.pixels`, encoded.pixels);
  const filters = await colourFilters(encoded, `${first}.cube`);
  const small = thumbnailSize(size);
  await runFfmpeg({
    inputs: [{ source: `${first}.pixels`, options: [...guardInput(format), ...strict, "-threads", "1"] }],
    outputs: [
      ...planned.map(({ to, scaled }) => rawFrame(`${to}.whole`, plateFilter(filters, scaled), "yuv420p")),
      rawFrame(`${first}.rgb`, thumbnailFilter(filters, small), "rgb24"),
    ],
    cwd: dirname(first),
    signal,
    timeoutMs: 30_000,
    untrusted: true,
  });
  const { focus, busy } = findAttention({ ...small, rgb: await readFile(`${first}.rgb`) }, hint);
  const cut = planned.map(async ({ to, filmSize }) => {
    const framing = framePicture(size, focus, filmSize);
    await cutPlate(`${to}.whole`, framing, to);
    await grainPlate({ file: to, ...framing.plate });
    return { file: to, ...framing.plate, focus: framing.focus, busy: cutBands(busy, framing) };
  });
  return Promise.all(cut);
}

function thumbnailSize({ width, height }: Size): Size {
  const scale = thumbnailEdge / Math.max(width, height);
  const edge = (length: number) => Math.max(8, Math.round(length * scale));
  return { width: edge(width), height: edge(height) };
}

/** Writes the part of the scaled picture that the camera can reach. */
async function cutPlate(whole: string, { scaled, plate, left, top }: Framing, to: string): Promise<void> {
  if (plate.width === scaled.width && plate.height === scaled.height) return rename(whole, to);
  const bytes = await readFile(whole);
  const rows: Buffer[] = [];
  let start = 0;
  for (const [i, all] of planeSizes(scaled).entries()) {
    const kept = planeSizes(plate)[i] as Size;
    const [x, y] = i === 0 ? [left, top] : [left / 2, top / 2];
    for (let row = 0; row < kept.height; row++) {
      const at = start + (y + row) * all.width + x;
      rows.push(bytes.subarray(at, at + kept.width));
    }
    start += all.width * all.height;
  }
  await writeFile(to, Buffer.concat(rows));
  await rm(whole);
}

/** Without these ffmpeg fills the missing part of a JPEG with grey or green and reports success. */
export const strict = ["-err_detect", "crccheck+explode", "-noautorotate"];

/**
 * The size, profile and encoded pixels of a picture's file.
 *
 * @throws Poison if the file is no whole picture
 */
export async function readWholePicture(file: string): Promise<EncodedPicture> {
  const isTooLarge = (await stat(file)).size > largestFileBytes;
  const encoded = isTooLarge ? null : readPicture(await readFile(file));
  if (encoded === null) throw new Poison("media.unreadable", "The picture could not be read.");
  return encoded;
}

/**
 * The filters that turn the decoded picture upright and into sRGB. Writes the lookup table that they read, if
 * one is needed, beside the file that is decoded.
 */
export async function colourFilters(
  { orientation, profile }: EncodedPicture,
  tableFile: string,
): Promise<string[]> {
  const table = profile && buildSrgbTable(profile);
  if (table) await writeFile(tableFile, table);
  const toSrgb = table ? [`lut3d=file=${basename(tableFile)}:interp=tetrahedral`] : [];
  // Converts to RGB first: a picture with a palette would be converted by BT.601, whatever `scale` specifies.
  return ["format=gbrp", ...uprightFilters[orientation], ...toSrgb];
}

/** H.264 places chroma on even columns and between rows; `scale` would place it between columns. */
const planes = "out_color_matrix=bt709:out_range=tv:out_h_chr_pos=0:out_v_chr_pos=128";

/** Transparency is dropped. */
function plateFilter(filters: readonly string[], scaled: Size): string {
  return [
    ...filters,
    `scale=${scaled.width}:${scaled.height}:flags=lanczos+accurate_rnd+full_chroma_int:${planes}`,
    "format=yuv420p",
  ].join(",");
}

const thumbnailFilter = (filters: readonly string[], { width, height }: Size) =>
  [...filters, `scale=${width}:${height}:flags=area+accurate_rnd`, "format=rgb24"].join(",");

const rawFrame = (file: string, filter: string, format: string) => ({
  file,
  options: [...["-frames:v", "1", "-vf", filter, "-f", "rawvideo"], ...["-pix_fmt", format, "-threads", "1"]],
});
