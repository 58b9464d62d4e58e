/**
 * MPEG audio without its ID3 tags. ffmpeg's decoder stops at a tag in the middle of a file, which joined
 * files have.
 *
 * @source id3.org, ID3v2.4.0 structure, 3.1 header; ID3v1
 */
export function stripId3(file: Buffer): Buffer {
  const kept: Buffer[] = [];
  let from = 0;
  for (let at = nextTag(file, 0); at !== null; at = nextTag(file, from)) {
    kept.push(file.subarray(from, at.from));
    from = at.end;
  }
  return Buffer.concat([...kept, file.subarray(from)]);
}

const v1Bytes = 128;

function nextTag(file: Buffer, after: number): { from: number; end: number } | null {
  for (let at = after; at < file.length; at++) {
    const id3 = file.indexOf("ID3", at, "latin1");
    const v1 = file.indexOf("TAG", at, "latin1");
    if (id3 < 0 && v1 < 0) return null;
    at = id3 < 0 || (v1 >= 0 && v1 < id3) ? v1 : id3;
    const end = at === v1 ? at + v1Bytes : endOfV2(file, at);
    if (end !== null && isBoundary(file, end)) return { from: at, end: Math.min(end, file.length) };
  }
  return null;
}

/** The size has four bytes of seven bits each. */
function endOfV2(file: Buffer, at: number): number | null {
  const size = file.subarray(at + 6, at + 10);
  if (size.length < 4 || size.some((byte) => byte >= 0x80)) return null;
  return at + 10 + size.reduce((sum, byte) => sum * 128 + byte, 0);
}

/** A tag is followed by the end, a frame or another tag; anything else that looks like a tag is sound. */
const isBoundary = (file: Buffer, at: number) =>
  at >= file.length ||
  (file[at] === 0xff && ((file[at + 1] ?? 0) & 0xe0) === 0xe0) ||
  ["ID3", "TAG"].includes(file.toString("latin1", at, at + 3));
