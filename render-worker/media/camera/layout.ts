import type { Size } from "./plan.ts";

/** Repeated samples on either side of a row, so that the kernel needs no bounds. */
export const pad = 32;
/** Frames in flight: one being read by ffmpeg, one being drawn or waiting. */
export const slotCount = 2;

export interface Plane {
  at: number;
  stride: number;
  width: number;
  height: number;
}

/** Where the kernel keeps its weights, below everything that a shot lays out. */
export const phases = 1024;
const firstByte = 8192;

/** Where everything lies in the kernel's memory for one segment. */
export interface Layout {
  slots: number[];
  other: number;
  plates: Plane[][];
  table: number;
  ring: number;
  pages: number;
}

export const frameBytes = (size: Size) => (size.width * size.height * 3) / 2;

/** The planes of 4:2:0: luma, then the two chroma planes at half size. */
export const planeSizes = (size: Size): Size[] => {
  const half = { width: size.width / 2, height: size.height / 2 };
  return [size, half, half];
};

export function layOut(filmSize: Size, plates: readonly Size[]): Layout {
  let end = firstByte;
  const take = (bytes: number) => {
    const at = end;
    end = (end + bytes + 63) & ~63;
    return at;
  };
  // The kernel writes up to 15 bytes past a row's end.
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
