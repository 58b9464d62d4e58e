import type { EncodedPicture } from "./encoded-picture.ts";
import { type Orientation, readOrientation } from "./orientation.ts";

const startOfImage = Buffer.from([0xff, 0xd8]);
const endOfImage = Buffer.from([0xff, 0xd9]);
const exifName = "Exif\0\0";
const profileName = "ICC_PROFILE\0";

/**
 * Reads a JPEG, or returns null if the file is none or is cut. It walks all segments to the end of the image,
 * because a file may be cut between two scans.
 *
 * @source ITU-T T.81, annex B; ICC.1:2022, B.4
 */
export function readJpeg(file: Buffer): EncodedPicture | null {
  if (!file.subarray(0, 2).equals(startOfImage)) return null;
  const pixels: Buffer[] = [startOfImage];
  const profileParts: Buffer[] = [];
  let orientation: Orientation = 1;
  let size = { width: 0, height: 0 };
  for (let at = 2; at < file.length; ) {
    if (file[at] !== 0xff) return null;
    const marker = file.readUInt8(at + 1);
    if (marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xd9) {
      const profile = profileParts.length > 0 ? Buffer.concat(profileParts) : null;
      return { size, orientation, profile, pixels: Buffer.concat([...pixels, endOfImage]) };
    }
    const dataEnd = at + 2 + file.readUInt16BE(at + 2);
    const data = file.subarray(at + 4, dataEnd);
    if (isFrameHeader(marker)) size = { width: data.readUInt16BE(3), height: data.readUInt16BE(1) };
    if (marker === 0xe1 && startsWith(data, exifName)) orientation = readOrientation(data);
    // The name is followed by the part's number and the number of parts.
    if (marker === 0xe2 && startsWith(data, profileName)) profileParts.push(data.subarray(14));
    const next = marker === startOfScan ? endOfScan(file, dataEnd) : dataEnd;
    if (next > file.length) return null;
    if (isNeeded(marker)) pixels.push(file.subarray(at, next));
    at = next;
  }
  return null;
}

const startOfScan = 0xda;

const startsWith = (data: Buffer, name: string) => data.toString("latin1", 0, name.length) === name;

/** C4, C8 and CC are tables, in the range of the frame headers. */
const isFrameHeader = (marker: number) =>
  marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

/** All but comments and application segments. Adobe's (EE) is kept: it says which colours are stored. */
const isNeeded = (marker: number) => marker !== 0xfe && ((marker & 0xf0) !== 0xe0 || marker === 0xee);

/** Where the scan's data ends: at a marker that is neither a stuffed zero nor a restart. */
function endOfScan(file: Buffer, from: number): number {
  for (let at = file.indexOf(0xff, from); at >= 0; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return file.length;
}
