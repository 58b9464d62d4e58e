import { closeSync, openSync, readSync } from "node:fs";
import { type Layout, type Plane, pad, planeSizes } from "./layout.ts";
import type { Size, Window } from "./plan.ts";

/** The exports of camera/kernel. */
export interface Kernel {
  layPhases(table: number): void;
  loadPlane(source: number, width: number, height: number, target: number, stride: number, pad: number): void;
  layColumns(table: number, start: number, step: number, count: number, width: number): void;
  samplePlane(
    plane: number,
    stride: number,
    rows: number,
    table: number,
    ring: number,
    start: number,
    step: number,
    target: number,
    width: number,
    height: number,
    shifts: number,
  ): void;
  layShiftedColumns(table: number, start: number, step: number, count: number, width: number): void;
  mixByLuma(target: number, other: number, width: number, height: number, lead: number): void;
  addLight(
    plane: number,
    width: number,
    height: number,
    x: number,
    y: number,
    radius: number,
    level: number,
    colour: number,
  ): void;
  mix(target: number, other: number, count: number, weight: number): void;
}

/**
 * Reads a plate's raw planes from its file into the kernel's memory.
 *
 * @throws Error if the file is too short
 */
export function loadPlate(
  kernel: Kernel,
  memory: WebAssembly.Memory,
  plate: Size & { file: string },
  planes: readonly Plane[],
): void {
  const file = openSync(plate.file, "r");
  try {
    for (const plane of planes) spreadPlane(kernel, memory, plane, (bytes) => readFully(file, bytes));
  } finally {
    closeSync(file);
  }
}

/** Lays out one plane. `fill` must write the plane's samples, row after row, into the given bytes. */
export function spreadPlane(
  kernel: Kernel,
  memory: WebAssembly.Memory,
  plane: Plane,
  fill: (bytes: Uint8Array) => void,
): void {
  // The samples go to the end of the plane's own memory; the kernel then spreads the rows from the beginning.
  const bytes = plane.width * plane.height;
  const source = plane.at - pad + plane.stride * plane.height - bytes;
  fill(new Uint8Array(memory.buffer, source, bytes));
  kernel.loadPlane(source, plane.width, plane.height, plane.at - pad, plane.stride, pad);
}

function readFully(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, null);
    if (read === 0) throw new Error("the plate's file ends early");
    done += read;
  }
}

/**
 * Draws a whole frame at `target`: what the camera sees through `window`. Chroma lies between luma rows and
 * on even luma columns, as in every H.264 film.
 *
 * @param hasShifts the rows are shifted as `layout.shifts` says, where row-shifts.ts has written it
 */
export function drawFrame(
  kernel: Kernel,
  layout: Layout,
  planes: readonly Plane[],
  window: Window,
  filmSize: Size,
  target: number,
  hasShifts = false,
): void {
  const layColumns = hasShifts ? kernel.layShiftedColumns : kernel.layColumns;
  const stepX = window.width / filmSize.width;
  const stepY = window.height / filmSize.height;
  const startX = window.x + stepX / 2 - 0.5;
  const startY = window.y + stepY / 2 - 0.5;
  let to = target;
  for (const [index, size] of planeSizes(filmSize).entries()) {
    const plane = planes[index] as Plane;
    if (index < 2)
      layColumns(layout.table, index === 0 ? startX : startX / 2, stepX, roundUp16(size.width), plane.width);
    const rowStart = index === 0 ? startY : window.y / 2 + stepY / 2 - 0.5;
    const { at, stride, height } = plane;
    kernel.samplePlane(
      at,
      stride,
      height,
      layout.table,
      layout.ring,
      rowStart,
      stepY,
      to,
      size.width,
      size.height,
      hasShifts ? (layout.shifts[index === 0 ? 0 : 1] as number) : 0,
    );
    to += size.width * size.height;
  }
}

const roundUp16 = (value: number) => (value + 15) & ~15;
