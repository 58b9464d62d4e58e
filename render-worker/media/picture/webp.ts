import type { Size } from "../camera/plan.ts";
import type { EncodedPicture } from "./encoded-picture.ts";
import { type Orientation, readOrientation } from "./orientation.ts";

const has = (file: Buffer, at: number, text: string) =>
  file.toString("latin1", at, at + text.length) === text;

/** Reads a WebP, or returns null if the file is none or is cut. @source RFC 9649, 2.5 to 2.7 */
export function readWebp(file: Buffer): EncodedPicture | null {
  if (!has(file, 0, "RIFF") || !has(file, 8, "WEBP")) return null;
  const end = 8 + file.readUInt32LE(4);
  const size = readSize(file);
  if (end > file.length || size === null) return null;
  let orientation: Orientation = 1;
  let profile: Buffer | null = null;
  for (let at = 12; at + 8 <= end; ) {
    const length = file.readUInt32LE(at + 4);
    const data = file.subarray(at + 8, at + 8 + length);
    if (has(file, at, "EXIF")) orientation = readOrientation(data);
    if (has(file, at, "ICCP")) profile = data;
    at += 8 + length + (length % 2);
  }
  return { size, orientation, profile, pixels: file };
}

function readSize(file: Buffer): Size | null {
  if (has(file, 12, "VP8X")) return { width: file.readUIntLE(24, 3) + 1, height: file.readUIntLE(27, 3) + 1 };
  if (has(file, 12, "VP8 "))
    return { width: file.readUInt16LE(26) & 0x3fff, height: file.readUInt16LE(28) & 0x3fff };
  if (!has(file, 12, "VP8L")) return null;
  const bits = file.readUInt32LE(21);
  return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 };
}
