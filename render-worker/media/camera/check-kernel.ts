import { crc32 } from "node:zlib";
import { drawFrame, type Kernel, spreadPlane } from "./draw.ts";
import { frameBytes, layOut, type Plane, phases } from "./layout.ts";
import { charactersOf, drawLights } from "./lights.ts";
import { looks } from "./looks.ts";
import { type Move, windowAt } from "./plan.ts";
import { writeShifts } from "./row-shifts.ts";

/** The sizes are no multiples of 16, so that the ends of rows are drawn too. */
const filmSize = { width: 72, height: 40 };
const plate = { width: 90, height: 54 };
const frames = 4;
const move: Move = {
  from: { x: 2, y: 1, width: 84, height: 46.7 },
  to: { x: 8, y: 5, width: 75, height: 41.7 },
  frames,
  startSpeed: 0,
  endSpeed: 0.7,
  drift: 1,
  sway: 1,
};

/**
 * The checksum that every correct runtime gets. It changes with the kernel, the chroma layout and what a look
 * adds.
 */
const expectedSum = 0x6f5fa032;

/**
 * True if this runtime draws the known frames exactly. A valid module may still draw wrong frames: V8's
 * baseline compiler swaps the operands of `i16x8.relaxed_dot_i8x16_i7x16_s` on x86 without AVX (Node 24).
 * That compiler runs a new module's first calls, which are these.
 */
export function drawsKnownFrames(module: WebAssembly.Module): boolean {
  return sumKnownFrames(module) === expectedSum;
}

/**
 * The checksum of frames of noise, drawn by a moving camera, mixed with the frame before in both ways, with
 * lights.
 */
export function sumKnownFrames(module: WebAssembly.Module): number {
  const layout = layOut(filmSize, [plate]);
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;
  kernel.layPhases(phases);
  const planes = layout.plates[0] as Plane[];
  const noise = makeNoise();
  const lights = charactersOf(0, 9);
  for (const plane of planes) spreadPlane(kernel, memory, plane, (bytes) => noise(bytes));
  const bytes = frameBytes(filmSize);
  let sum = 0;
  for (let frame = 0; frame < frames; frame++) {
    const [slot, other] = [layout.slots[frame % 2] as number, layout.slots[(frame + 1) % 2] as number];
    const seen = windowAt(move, frame);
    const hasShifts = frame >= 2;
    if (hasShifts) writeShifts(memory, layout, { plate, move, frame, seen }, looks.dreamlike);
    drawFrame(kernel, layout, planes, seen, filmSize, slot, hasShifts);
    sum = crc32(Buffer.from(memory.buffer, slot, bytes), sum);
    if (hasShifts) kernel.mixByLuma(slot, other, filmSize.width, filmSize.height, 30);
    else kernel.mix(slot, other, bytes, 100);
    drawLights(kernel, lights, 60 * frame, filmSize, slot);
    sum = crc32(Buffer.from(memory.buffer, slot, bytes), sum);
  }
  return sum;
}

/** Pseudo-random bytes, the same in every run. */
function makeNoise(): (bytes: Uint8Array) => void {
  let state = 1;
  return (bytes) => {
    for (let i = 0; i < bytes.length; i++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[i] = state >>> 24;
    }
  };
}
