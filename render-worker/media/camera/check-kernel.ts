import { crc32 } from "node:zlib";
import { drawFrame, type Kernel, spreadPlane } from "./draw.ts";
import { frameBytes, layOut, type Plane, phases } from "./layout.ts";
import { planCamera, windowAt } from "./plan.ts";

/** The sizes are no multiples of 16, so that the ends of rows are drawn too. */
const filmSize = { width: 72, height: 40 };
const plate = { width: 90, height: 54 };
const frames = 4;

/**
 * The checksum that every correct runtime gets. It changes with the kernel, the chroma layout and the
 * camera's plan.
 */
const expectedSum = 0x1e5d0157;

/**
 * True if this runtime draws the known frames exactly. A valid module may still draw wrong frames: V8's
 * baseline compiler swaps the operands of `i16x8.relaxed_dot_i8x16_i7x16_s` on x86 without AVX (Node 24).
 * That compiler runs a new module's first calls, which are these.
 */
export function drawsKnownFrames(module: WebAssembly.Module): boolean {
  return sumKnownFrames(module) === expectedSum;
}

/** The checksum of frames of noise, drawn by a moving camera and mixed with the frame before. */
export function sumKnownFrames(module: WebAssembly.Module): number {
  const layout = layOut(filmSize, [plate]);
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: layout.pages, shared: true });
  const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;
  kernel.layPhases(phases);
  const planes = layout.plates[0] as Plane[];
  const noise = makeNoise();
  for (const plane of planes) spreadPlane(kernel, memory, plane, (bytes) => noise(bytes));
  const move = planCamera(0, plate, filmSize, frames);
  const bytes = frameBytes(filmSize);
  let sum = 0;
  for (let frame = 0; frame < frames; frame++) {
    const [slot, other] = [layout.slots[frame % 2] as number, layout.slots[(frame + 1) % 2] as number];
    drawFrame(kernel, layout, planes, windowAt(move, frame), filmSize, slot);
    sum = crc32(Buffer.from(memory.buffer, slot, bytes), sum);
    kernel.mix(slot, other, bytes, 100);
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
