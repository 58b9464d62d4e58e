import { Readable } from "node:stream";
import { frameBytes, type Layout, layOut, slotCount } from "./layout.ts";
import type { Shot } from "./shot.ts";
import { borrowThread, type CameraThread, returnThread } from "./threads.ts";

export interface DrawnShot {
  /**
   * The shot's frames as raw 4:2:0 bytes, one chunk per frame, drawn as fast as they are read. A chunk is no
   * copy: its memory is drawn over once the next chunk but one was requested, so use `pipe` and never keep
   * chunks.
   */
  frames: Readable;
  /** Frees the thread. Call it always, after the last read of `frames`. */
  end(): Promise<void>;
}

/** Starts to draw the first `count` frames of a shot on a camera thread. */
export function drawShot(module: WebAssembly.Module, shot: Shot, count = shot.frames): DrawnShot {
  const layers = shot.earlier ? [shot.layer, shot.earlier] : [shot.layer];
  const plates = layers.map((layer) => layer.plate);
  const layout = layOut(shot.filmSize, plates);
  const thread = borrowThread(module);
  const drawn = thread.draw({ layout, shot });
  drawn.catch(() => {});
  return {
    frames: Readable.from(takeFrames(thread, { ...shot, frames: count }, layout, drawn), {
      objectMode: false,
      highWaterMark: 1,
    }),
    async end() {
      Atomics.store(thread.control, 1, -1);
      Atomics.notify(thread.control, 1);
      await drawn;
      returnThread(thread);
    },
  };
}

async function* takeFrames(
  { control, memory }: CameraThread,
  shot: Shot,
  layout: Layout,
  drawn: Promise<void>,
): AsyncGenerator<Buffer> {
  const bytes = frameBytes(shot.filmSize);
  for (let frame = 0; frame < shot.frames; frame++) {
    while (Atomics.load(control, 0) <= frame) {
      const next = Atomics.waitAsync(control, 0, frame);
      if (next.async) await Promise.race([next.value, drawn]);
      if (Atomics.load(control, 1) < 0) return;
    }
    yield Buffer.from(memory.buffer, layout.slots[frame % slotCount] as number, bytes);
    if (Atomics.load(control, 1) < 0) return;
    // The reader asked for more, so this chunk is being written and the one before it has been written.
    Atomics.store(control, 1, frame);
    Atomics.notify(control, 1);
  }
}
