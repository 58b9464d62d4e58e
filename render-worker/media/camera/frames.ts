import { readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { Worker } from "node:worker_threads";
import type { DrawOrder } from "./draw-thread.ts";
import { frameBytes, layOut, slotCount } from "./layout.ts";
import type { Shot } from "./shot.ts";

const kernelFile = new URL("../../../build/camera.wasm", import.meta.url);
let compiled: WebAssembly.Module | null | undefined;

/** The camera's kernel, or null where this runtime lacks WebAssembly SIMD and ffmpeg must move the camera. */
export function loadKernel(): WebAssembly.Module | null {
  if (compiled !== undefined) return compiled;
  const bytes = readFileSync(kernelFile);
  compiled = WebAssembly.validate(bytes) ? new WebAssembly.Module(bytes) : null;
  return compiled;
}

/**
 * A shot's frames as one stream of raw 4:2:0 bytes, drawn by a thread of their own at the pace they are read at.
 * Frames are not copied on the way: a chunk is a view of the kernel's memory and is drawn over once the next but one
 * chunk has been asked for, which is why this stream is good for `pipe` and for nothing that keeps chunks.
 * Destroying the stream ends the thread.
 */
export function streamFrames(module: WebAssembly.Module, shot: Shot): Readable {
  const layers = shot.earlier ? [shot.layer, shot.earlier] : [shot.layer];
  const layout = layOut(
    shot.film,
    layers.map((layer) => layer.plate),
  );
  const memory = new WebAssembly.Memory({ initial: layout.pages, maximum: 4096, shared: true });
  const control = new Int32Array(new SharedArrayBuffer(8));
  const order: DrawOrder = { module, memory, control, layout, shot };
  return Readable.from(takeFrames(order), { objectMode: false, highWaterMark: 1 });
}

async function* takeFrames(order: DrawOrder): AsyncGenerator<Buffer> {
  const { memory, control, layout, shot } = order;
  const worker = new Worker(new URL("./draw-thread.ts", import.meta.url), { workerData: order });
  const failed = new Promise<never>((_, reject) => worker.once("error", reject));
  failed.catch(() => {});
  const gone = new Promise<void>((resolve) => worker.once("exit", () => resolve()));
  const bytes = frameBytes(shot.film);
  try {
    for (let frame = 0; frame < shot.frames; frame++) {
      while (Atomics.load(control, 0) <= frame) {
        const drawn = Atomics.waitAsync(control, 0, frame);
        if (drawn.async) await Promise.race([drawn.value, failed]);
      }
      yield Buffer.from(memory.buffer, layout.slots[frame % slotCount] as number, bytes);
      // Asked for more, so this chunk is being written and the one before it has been.
      Atomics.store(control, 1, frame);
      Atomics.notify(control, 1);
    }
  } finally {
    Atomics.store(control, 1, -1);
    Atomics.notify(control, 1);
    await gone;
  }
}
