/**
 * Marks in pixels. Each is two rows of 20 blocks of 4 x 4 pixels in the picture's top left corner, one under
 * the other: a fixed number, the mark, and a checksum. A block shifts its pixels' values by at most 12 of
 * 255, so that people hardly see it. Only lossless formats keep it.
 */
import sharp from "sharp";
import type { Mark } from "./mark.ts";

const block = 4;
const columns = 20;
const rowsOfMark = 2;
const step = 16;
const start = 0xa5;
/** The most reference pictures of one request. */
const marksAtMost = 16;

/** Writes the marks into the pixels of an RGB picture, as many as fit its height. */
export function writeMarks(
  rgb: Uint8ClampedArray,
  width: number,
  height: number,
  marks: readonly Mark[],
): void {
  if (width < columns * block) return;
  for (const [index, mark] of marks.entries())
    for (const [bit, isSet] of bitsOf(mark).entries()) {
      const { x, y } = placeOf(index, bit);
      if (y + block > height) return;
      eachSample(width, x, y, (at) => {
        rgb[at] = Math.floor((rgb[at] as number) / step) * step + (isSet ? 12 : 4);
      });
    }
}

/** The marks of an encoded picture, in their order; empty if it has none. */
export async function readMarks(picture: Buffer): Promise<Mark[]> {
  const { data, info } = await sharp(picture)
    .removeAlpha()
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const marks: Mark[] = [];
  for (let index = 0; index < marksAtMost; index++) {
    const mark = readMark(data, info, index);
    if (mark === null) break;
    marks.push(mark);
  }
  return marks;
}

function readMark(
  rgb: Buffer,
  { width, height }: { width: number; height: number },
  index: number,
): Mark | null {
  let bits = 0n;
  for (let bit = 0; bit < columns * rowsOfMark; bit++) {
    const { x, y } = placeOf(index, bit);
    if (y + block > height || x + block > width) return null;
    let sum = 0;
    eachSample(width, x, y, (at) => {
      sum += (rgb[at] as number) % step;
    });
    bits = (bits << 1n) | (sum / (block * block * 3) > step / 2 ? 1n : 0n);
  }
  const mark = Number((bits >> 8n) & 0xffffffn);
  return Number(bits >> 32n) === start && Number(bits & 0xffn) === checksum(mark) ? mark : null;
}

const checksum = (mark: Mark) => ((mark & 0xff) ^ ((mark >>> 8) & 0xff) ^ (mark >>> 16) ^ 0x5a) & 0xff;

function bitsOf(mark: Mark): boolean[] {
  const whole = (BigInt(start) << 32n) | (BigInt(mark) << 8n) | BigInt(checksum(mark));
  return Array.from({ length: 40 }, (_, bit) => ((whole >> BigInt(39 - bit)) & 1n) === 1n);
}

const placeOf = (index: number, bit: number) => ({
  x: (bit % columns) * block,
  y: (index * rowsOfMark + Math.floor(bit / columns)) * block,
});

function eachSample(width: number, x: number, y: number, visit: (at: number) => void): void {
  for (let row = y; row < y + block; row++)
    for (let at = (row * width + x) * 3; at < (row * width + x + block) * 3; at++) visit(at);
}
