/**
 * Reads the structure of an uploaded photo, without decoding its pixels. The name and the content type of the
 * upload decide nothing. The worker decodes the photo later, under ffmpeg's restrictions, before anything
 * else sees it.
 */
import { limits } from "../../../contract/limits.ts";
import { ApiError } from "../../errors/api-error.ts";

interface Size {
  width: number;
  height: number;
}

/**
 * Refuses what is no photo.
 *
 * @throws ApiError `photo.type_unsupported` for anything but a JPEG, PNG or WebP picture that does not move;
 *   `photo.unreadable` if it ends before its picture does; `photo.too_small`; `photo.too_large` by its pixels
 */
export function inspectPhoto(bytes: Uint8Array<ArrayBuffer>): void {
  const { width, height } = readSize(bytes);
  if (Math.min(width, height) < limits.photoEdge)
    throw new ApiError("photo.too_small", { detail: `Each side needs at least ${limits.photoEdge} pixels.` });
  if (width * height > limits.photoPixels)
    throw new ApiError("photo.too_large", {
      detail: `The photo has ${width} x ${height} pixels; at most ${limits.photoPixels / 1e6} megapixels are read.`,
    });
}

function readSize(bytes: Uint8Array<ArrayBuffer>): Size {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (startsWith(bytes, 0, "\xff\xd8\xff")) return readJpeg(bytes, view);
    if (startsWith(bytes, 0, "\x89PNG\r\n\x1a\n")) return readPng(bytes, view);
    if (startsWith(bytes, 0, "RIFF") && startsWith(bytes, 8, "WEBP")) return readWebp(bytes, view);
  } catch (error) {
    // A length in the file points past its end.
    if (error instanceof RangeError) throw unreadable();
    throw error;
  }
  throw new ApiError("photo.type_unsupported", isHeif(bytes) ? { detail: heifAdvice } : {});
}

const unreadable = () => new ApiError("photo.unreadable");
const animated = () => new ApiError("photo.type_unsupported", { detail: "The picture is animated." });
const heifAdvice =
  "HEIC and AVIF photos are not read. Save the photo as JPEG; an iPhone does so with Settings, Camera, Formats, Most Compatible.";

const startsWith = (bytes: Uint8Array, at: number, text: string) =>
  Array.from(text).every((character, index) => bytes[at + index] === character.charCodeAt(0));

/** @source ISO/IEC 14496-12, 4.3: the box `ftyp` begins the file and names its brand */
const isHeif = (bytes: Uint8Array) =>
  startsWith(bytes, 4, "ftyp") && /^(hei|hev|mif|msf|avi)/.test(String.fromCharCode(...bytes.slice(8, 12)));

/**
 * Walks all segments to the end of the image, because a file may be cut between two scans, and may hold the
 * end of a thumbnail before its picture.
 *
 * @source ITU-T T.81, annex B
 */
function readJpeg(bytes: Uint8Array, view: DataView): Size {
  let size: Size | null = null;
  for (let at = 2; ; ) {
    if (view.getUint8(at) !== 0xff) throw unreadable();
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) at++;
    else if (marker === 0xd9) break;
    else {
      const next = at + 2 + view.getUint16(at + 2);
      // C4, C8 and CC are tables, in the range of the frame headers.
      if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
        size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      at = marker === 0xda ? endOfScan(bytes, next) : next;
    }
  }
  if (size === null) throw unreadable();
  return size;
}

/** Where the scan's data ends: at a marker that is neither a stuffed zero nor a restart. */
function endOfScan(bytes: Uint8Array, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at >= 0; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next !== undefined && next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  throw unreadable();
}

/** @source https://www.w3.org/TR/png-3/ 5.3 chunk layout, 11.2.1 IHDR, 11.3.6.1 acTL: an animation */
function readPng(bytes: Uint8Array, view: DataView): Size {
  if (!startsWith(bytes, 12, "IHDR")) throw unreadable();
  for (let at = 8; !startsWith(bytes, at + 4, "IEND"); at += 12 + view.getUint32(at))
    if (startsWith(bytes, at + 4, "acTL")) throw animated();
  return { width: view.getUint32(16), height: view.getUint32(20) };
}

/** @source RFC 9649, 2.5 to 2.7 */
function readWebp(bytes: Uint8Array, view: DataView): Size {
  if (8 + view.getUint32(4, true) > bytes.length) throw unreadable();
  if (startsWith(bytes, 12, "VP8X")) {
    if ((view.getUint8(20) & 2) !== 0) throw animated();
    const u24 = (at: number) => view.getUint16(at, true) + view.getUint8(at + 2) * 0x10000;
    return { width: u24(24) + 1, height: u24(27) + 1 };
  }
  if (startsWith(bytes, 12, "VP8 "))
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  if (!startsWith(bytes, 12, "VP8L")) throw unreadable();
  const bits = view.getUint32(21, true);
  return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
