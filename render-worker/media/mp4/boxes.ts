/** Boxes of ISO media files (MP4). */

export interface Box {
  type: string;
  /** All of the box, with its header. */
  whole: Buffer;
  /** What follows the header. */
  body: Buffer;
}

/**
 * The boxes of `bytes`, one after another.
 *
 * @throws Error if one is cut
 * @source ISO/IEC 14496-12, 4.2
 */
export function readBoxes(bytes: Buffer): Box[] {
  const boxes: Box[] = [];
  for (let at = 0; at < bytes.length; ) {
    const header = readBoxHeader(bytes.subarray(at));
    if (header === null || at + header.length > bytes.length) throw new Error("an MP4 box is cut");
    const whole = bytes.subarray(at, at + header.length);
    boxes.push({ type: header.type, whole, body: whole.subarray(header.headerLength) });
    at += header.length;
  }
  return boxes;
}

/** The header at the start of `bytes`; null if it is cut or impossible. */
export function readBoxHeader(bytes: Buffer): { type: string; length: number; headerLength: number } | null {
  if (bytes.length < 8) return null;
  const short = bytes.readUInt32BE(0);
  if (short === 1 && bytes.length < 16) return null;
  const headerLength = short === 1 ? 16 : 8;
  const length = short === 1 ? Number(bytes.readBigUInt64BE(8)) : short;
  return length < headerLength ? null : { type: bytes.toString("latin1", 4, 8), length, headerLength };
}

/**
 * The body of the box at a path such as "mdia/minf/stbl", below `bytes`.
 *
 * @throws Error if there is none
 */
export function findBox(bytes: Buffer, path: string): Buffer {
  return path.split("/").reduce((inside, type) => {
    const found = readBoxes(inside).find((box) => box.type === type);
    if (!found) throw new Error(`the MP4 has no box ${path}`);
    return found.body;
  }, bytes);
}

/** A box of these parts. */
export function box(type: string, ...parts: Buffer[]): Buffer {
  const length = parts.reduce((sum, part) => sum + part.length, 8);
  return Buffer.concat([uint32(length), Buffer.from(type, "latin1"), ...parts], length);
}

/** A box whose body begins with a version and 24 flags. */
export const fullBox = (type: string, version: number, flags: number, ...parts: Buffer[]): Buffer =>
  box(type, uint32(version * 2 ** 24 + flags), ...parts);

/** 32-bit numbers. */
export function uint32(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [i, value] of values.entries()) bytes.writeUInt32BE(value, i * 4);
  return bytes;
}

/** 16-bit numbers. */
export function uint16(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value, i * 2);
  return bytes;
}

/** A 64-bit number. */
export function uint64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}
