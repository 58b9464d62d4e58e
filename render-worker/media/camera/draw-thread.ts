/**
 * The camera's thread: draws one shot after another into the slots of the memory that it shares with the main
 * thread, as fast as the frames are taken. `control[0]` counts the frames drawn of a shot, `control[1]` those
 * taken; a negative `control[1]` ends the shot.
 */
import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { blackFrames, closingFadeFrames } from "../grid.ts";
import { drawFrame, type Kernel, loadPlate } from "./draw.ts";
import { frameBytes, type Layout, type Plane, phases, slotCount } from "./layout.ts";
import { type Character, charactersOf, drawLights } from "./lights.ts";
import { windowAt } from "./plan.ts";
import { shiftsRows, writeShifts } from "./row-shifts.ts";
import type { Layer, Shot } from "./shot.ts";

/** What the main thread passes when it creates the thread. */
export interface ThreadData {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  control: Int32Array;
}

/** One shot to draw. The thread answers when it is drawn or ended. */
export interface DrawRequest {
  layout: Layout;
  shot: Shot;
}

const { module, memory, control } = workerData as ThreadData;
// On Linux a priority applies to the thread: the event loop's stays as it is.
if (process.platform === "linux") setPriority(10);
const kernel = new WebAssembly.Instance(module, { env: { memory } }).exports as Kernel;
kernel.layPhases(phases);

parentPort?.on("message", (request: DrawRequest) => {
  draw(request);
  parentPort?.postMessage("done");
});

function draw(request: DrawRequest): void {
  const { layout, shot } = request;
  const { filmSize, layer, earlier, look } = shot;
  const bytes = frameBytes(filmSize);
  const [own, others] = layout.plates as [Plane[], Plane[] | undefined];
  loadPlate(kernel, memory, layer.plate, own);
  if (earlier && others) loadPlate(kernel, memory, earlier.plate, others);
  const ownLayer = { ...layer, planes: own, lights: charactersOf(layer.scene, look.lights) };
  const before = earlier &&
    others && { ...earlier, planes: others, lights: charactersOf(earlier.scene, look.lights) };
  let isOtherBlack = false;
  for (let frame = 0; frame < shot.frames; frame++) {
    if (!waitForSlot(frame)) return;
    const slot = layout.slots[frame % slotCount] as number;
    drawLayer(request, ownLayer, frame, slot);
    if (before && frame < look.fadeFrames) {
      drawLayer(request, before, frame, layout.other);
      isOtherBlack = false;
      const weight = fadeWeight(frame, look.fadeFrames);
      if (look.dissolve === "luma")
        kernel.mixByLuma(slot, layout.other, filmSize.width, filmSize.height, 2 * weight - 256);
      else kernel.mix(slot, layout.other, bytes, weight);
    }
    const left = shot.frames - 1 - frame - blackFrames - (shot.cardFrames ?? 0);
    if (shot.closing && left < closingFadeFrames) {
      if (!isOtherBlack) blacken(layout.other, bytes);
      isOtherBlack = true;
      kernel.mix(slot, layout.other, bytes, left < 0 ? 0 : fadeWeight(left, closingFadeFrames));
    }
    Atomics.add(control, 0, 1);
    Atomics.notify(control, 0);
  }
}

interface DrawnLayer extends Layer {
  planes: readonly Plane[];
  lights: readonly Character[];
}

/** Draws one picture of the shot as it is seen at `frame`, with what its look adds. */
function drawLayer(
  { layout, shot: { filmSize, look } }: DrawRequest,
  { plate, move, startFrame, planes, lights }: DrawnLayer,
  shotFrame: number,
  target: number,
): void {
  const frame = startFrame + shotFrame;
  const seen = windowAt(move, frame);
  const hasShifts = shiftsRows(look);
  if (hasShifts) writeShifts(memory, layout, { plate, move, frame, seen }, look);
  drawFrame(kernel, layout, planes, seen, filmSize, target, hasShifts);
  if (lights.length > 0) drawLights(kernel, lights, frame, filmSize, target);
}

/** False if the shot must end. */
function waitForSlot(frame: number): boolean {
  for (;;) {
    const taken = Atomics.load(control, 1);
    if (taken < 0) return false;
    if (frame - taken < slotCount) return true;
    Atomics.wait(control, 1, taken);
  }
}

/** The weight, out of 256, of the fading-in picture `step` frames after the start of a fade of `length`. */
function fadeWeight(step: number, length: number): number {
  return Math.round((256 * (step + 1)) / (length + 1));
}

function blacken(at: number, bytes: number): void {
  const luma = (bytes / 3) * 2;
  new Uint8Array(memory.buffer, at, luma).fill(16);
  new Uint8Array(memory.buffer, at + luma, bytes - luma).fill(128);
}
