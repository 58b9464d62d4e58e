/**
 * The camera's own thread: draws a shot's frames into the slots of the shared memory, as fast as they are taken.
 * `control[0]` counts frames drawn, `control[1]` frames taken; a negative `control[1]` means stop.
 */
import { setPriority } from "node:os";
import { workerData } from "node:worker_threads";
import { fadeFrames } from "../grid.ts";
import { drawFrame, type Kernel, loadPlate } from "./draw.ts";
import { frameBytes, type Layout, type Plane, slotCount } from "./layout.ts";
import { windowAt } from "./plan.ts";
import type { Shot } from "./shot.ts";

export interface DrawOrder {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: Int32Array;
  layout: Layout;
  shot: Shot;
}

const { module, memory, control, layout, shot } = workerData as DrawOrder;
// On Linux a priority belongs to the thread: this one's, not the event loop's.
if (process.platform === "linux") setPriority(10);
const instance = new WebAssembly.Instance(module, { env: { memory } });
draw(instance.exports as Kernel);

function draw(kernel: Kernel): void {
  const { film, layer, earlier } = shot;
  const bytes = frameBytes(film);
  const [own, others] = layout.plates as [Plane[], Plane[] | undefined];
  loadPlate(kernel, memory, layout, layer.plate, own);
  if (earlier && others) loadPlate(kernel, memory, layout, earlier.plate, others);
  for (let frame = 0; frame < shot.frames; frame++) {
    let taken = Atomics.load(control, 1);
    while (taken >= 0 && frame - taken >= slotCount) {
      Atomics.wait(control, 1, taken);
      taken = Atomics.load(control, 1);
    }
    if (taken < 0) return;
    const slot = layout.slots[frame % slotCount] as number;
    drawFrame(kernel, layout, own, windowAt(layer.move, layer.startFrame + frame), film, slot);
    if (earlier && others && frame < fadeFrames) {
      drawFrame(
        kernel,
        layout,
        others,
        windowAt(earlier.move, earlier.startFrame + frame),
        film,
        layout.other,
      );
      kernel.mix(slot, layout.other, bytes, fadeWeight(frame));
    }
    const left = shot.frames - 1 - frame;
    if (shot.closing && left < fadeFrames) {
      blacken(layout.other);
      kernel.mix(slot, layout.other, bytes, fadeWeight(left));
    }
    Atomics.add(control, 0, 1);
    Atomics.notify(control, 0);
  }
}

/** The share, of 256, of what fades in `step` frames after the fade began. */
function fadeWeight(step: number): number {
  return Math.round((256 * (step + 1)) / (fadeFrames + 1));
}

function blacken(at: number): void {
  const luma = shot.film.width * shot.film.height;
  new Uint8Array(memory.buffer, at, luma).fill(16);
  new Uint8Array(memory.buffer, at + luma, luma / 2).fill(128);
}
