/**
 * Reads size, orientation and colour profile from a PNG, JPEG or WebP file, and strips everything that
 * decoding does not need. The decoder never sees comments, thumbnails, manifests or text chunks.
 */
import type { EncodedPicture } from "./encoded-picture.ts";
import { readJpeg } from "./jpeg.ts";
import { readPng } from "./png.ts";
import { readWebp } from "./webp.ts";

/** Null if the file has none of these formats, names no size, or ends before its picture. Never throws. */
export function readPicture(file: Buffer): EncodedPicture | null {
  try {
    const picture = readPng(file) ?? readJpeg(file) ?? readWebp(file);
    return picture && picture.size.width > 0 && picture.size.height > 0 ? picture : null;
  } catch (error) {
    // A length in the file points past its end.
    if (error instanceof RangeError) return null;
    throw error;
  }
}
