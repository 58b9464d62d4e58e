import type { Size } from "./plan.ts";

/** Repeated samples on either side of a row, so that the kernel needs no bounds checks. */
export const pad = 32;
/** Frames in flight: ffmpeg reads one while the next is drawn or waits. */
export const slotCount = 2;

export interface Plane {
  at: number;
  stride: number;
  width: number;
  height: number;
}

/** The address of the kernel's weights, below everything that a shot lays out. */
export const phases = 1024;
const firstByte = 8192;

/** The addresses of everything in the kernel's memory for one segment. */
export interface Layout {
  slots: number[];
  other: number;
  plates: Plane[][];
  table: number;
  ring: number;
  pages: number;
}

/** The bytes of one raw 4:2:0 frame. */
export const frameBytes = (size: Size) => (size.width * size.height * 3) / 2;

/** The planes of 4:2:0: luma, then two chroma planes at half size. */
export const planeSizes = (size: Size): Size[] => {
  const half = { width: size.width / 2, height: size.height / 2 };
  return [size, half, half];
};

/** Places the slots, plates and tables for a film of this size in the kernel's memory. */
export function layOut(filmSize: Size, plates: readonly Size[]): Layout {
  let end = firstByte;
  const take = (bytes: number) => {
    const at = end;
    end = (end + bytes + 63) & ~63;
    return at;
  };
  // The kernel writes up to 15 bytes past the end of a row.
  const frame = () => take(frameBytes(filmSize) + 16);
  return {
    slots: Array.from({ length: slotCount }, frame),
    other: frame(),
    plates: plates.map((plate) =>
      planeSizes(plate).map(({ width, height }) => {
        const stride = ((width + 15) & ~15) + 2 * pad;
        return { at: take(stride * height) + pad, stride, width, height };
      }),
    ),
    table: take(((filmSize.width + 15) / 8) * 80 + 160),
    ring: take(8 * (filmSize.width + 16)),
    pages: Math.ceil(end / 65536),
  };
}
