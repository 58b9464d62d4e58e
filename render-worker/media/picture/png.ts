import { inflateSync } from "node:zlib";
import type { EncodedPicture } from "./encoded-picture.ts";
import { type Orientation, readOrientation } from "./orientation.ts";

const signature = Buffer.from("\x89PNG\r\n\x1a\n", "latin1");
const largestProfileBytes = 4 * 1024 * 1024;

/**
 * Reads a PNG, or returns null if the file is none or is cut.
 *
 * @source https://www.w3.org/TR/png-3/ 5.3 chunk layout, 11.2.1 IHDR, 11.3.2.3 iCCP, 11.3.4.5 eXIf
 */
export function readPng(file: Buffer): EncodedPicture | null {
  if (!file.subarray(0, 8).equals(signature) || file.toString("latin1", 12, 16) !== "IHDR") return null;
  const size = { width: file.readUInt32BE(16), height: file.readUInt32BE(20) };
  const pixels: Buffer[] = [signature];
  let orientation: Orientation = 1;
  let profile: Buffer | null = null;
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const type = file.toString("latin1", at + 4, at + 8);
    const next = at + 12 + length;
    const data = file.subarray(at + 8, next - 4);
    if (next > file.length) return null;
    if (type === "eXIf") orientation = readOrientation(data);
    if (type === "iCCP") profile = inflateProfile(data);
    if (isCritical(type) || type === "tRNS") pixels.push(file.subarray(at, next));
    if (type === "IEND") return { size, orientation, profile, pixels: Buffer.concat(pixels) };
    at = next;
  }
  return null;
}

/** The types of chunks that every decoder needs start with a capital letter. */
const isCritical = (type: string) => /^[A-Z]/.test(type);

/** The chunk holds the profile's name, a zero, the method (0) and a zlib stream. */
function inflateProfile(chunk: Buffer): Buffer | null {
  try {
    return inflateSync(chunk.subarray(chunk.indexOf(0) + 2), { maxOutputLength: largestProfileBytes });
  } catch {
    return null;
  }
}
