/** How far each row of a plate is shifted in a frame: ground that slides, and a slow wave. */
import type { Layout } from "./layout.ts";
import type { Look } from "./looks.ts";
import { type Move, partAt, type Size, type Window } from "./plan.ts";

/** The ground begins at this part of the picture's height. */
const horizon = 0.35;
/** The wave has so many crests in the picture's height, and takes so many frames for one. */
const crests = 2.2;
const waveFrames = 210;

/** True if a look moves rows beside each other. */
export const shiftsRows = ({ parallax, wave }: Look) => parallax > 0 || wave > 0;

/**
 * How far the rows of a plate lie to the right at `frame` of the camera's path, in parts of the frame's
 * width, as a function of the row in parts of the plate's height. Ground that is nearer goes further with the
 * camera.
 */
export function shiftsAt(move: Move, frame: number, { parallax, wave }: Look): (row: number) => number {
  const slide = (parallax * move.drift * (2 * partAt(move, frame) - 1)) / 1920;
  const sway = (wave * move.sway) / 1920;
  const turned = frame / waveFrames;
  return (row) => {
    const near = Math.max(0, (row - horizon) / (1 - horizon));
    return (slide * (near + near * near)) / 2 + sway * Math.sin(2 * Math.PI * (row * crests - turned));
  };
}

/** Writes the shifts of all rows for the kernel: in sixteenths of a sample, for luma and for chroma. */
export function writeShifts(
  memory: WebAssembly.Memory,
  layout: Layout,
  { plate, move, frame, seen }: { plate: Size; move: Move; frame: number; seen: Window },
  look: Look,
): void {
  const shiftOf = shiftsAt(move, frame, look);
  const luma = new Int32Array(memory.buffer, layout.shifts[0], plate.height);
  const chroma = new Int32Array(memory.buffer, layout.shifts[1], plate.height / 2);
  for (let row = 0; row < luma.length; row++)
    luma[row] = Math.round(16 * seen.width * shiftOf((row + 0.5) / plate.height));
  // A row of chroma lies between two of luma.
  for (let row = 0; row < chroma.length; row++)
    chroma[row] = ((luma[2 * row] as number) + (luma[2 * row + 1] as number)) >> 2;
}
