/**
 * What a PNG, a JPEG or a WebP file says about its picture, and the picture without everything that is not needed to
 * decode it. The decoder never sees comments, thumbnails, manifests or text chunks.
 */
import type { EncodedPicture } from "./encoded-picture.ts";
import { readJpeg } from "./jpeg.ts";
import { readPng } from "./png.ts";
import { readWebp } from "./webp.ts";

/** Returns null for what is no such file, says no size, or ends before its picture does. Never throws. */
export function readPicture(file: Buffer): EncodedPicture | null {
  try {
    const picture = readPng(file) ?? readJpeg(file) ?? readWebp(file);
    return picture && picture.size.width > 0 && picture.size.height > 0 ? picture : null;
  } catch (error) {
    // A length in the file points beyond the file's end.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
