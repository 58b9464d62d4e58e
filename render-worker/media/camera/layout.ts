import type { Size } from "./plan.ts";

/**
 * Repeated samples on either side of a row, so that the kernel needs no bounds checks: it reads up to 8
 * beside the window, 19 more where rows are shifted, and whole groups of 16.
 */
export const pad = 48;
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
  /** Sixteen tables of columns, if rows are shifted. */
  table: number;
  /** For luma and for chroma, an i32 for each row of the largest plate. */
  shifts: [luma: number, chroma: number];
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
  const rows = Math.max(...plates.map(({ height }) => height));
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
    table: take(16 * (((filmSize.width + 15) / 8) * 80 + 160)),
    shifts: [take(4 * rows), take(2 * rows)],
    ring: take(8 * (filmSize.width + 16)),
    pages: Math.ceil(end / 65536),
  };
}
