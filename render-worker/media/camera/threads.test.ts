import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drawShot } from "./draw-shot.ts";
import { loadKernel } from "./load-kernel.ts";
import { plainLook } from "./looks.ts";
import { planCamera } from "./plan.ts";
import type { Shot } from "./shot.ts";

const size = { width: 64, height: 64 };
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** A shot of one grey, so that a frame shows which shot it belongs to. */
async function shotOf(grey: number, frames: number): Promise<Shot> {
  const plate = { width: 96, height: 96, file: join(folder, `plate-${grey}.yuv`) };
  await writeFile(plate.file, Buffer.alloc((96 * 96 * 3) / 2, grey));
  const layer = { plate, move: planCamera({ scene: 0 }, plate, size, frames), startFrame: 0, scene: 0 };
  return { filmSize: size, look: plainLook, frames, layer, closing: false, cardFrames: 0 };
}

describe("camera threads", () => {
  it("gives every shot all of its own frames, though a slow reader's thread has drawn its last long ago", async () => {
    const kernel = loadKernel();
    if (!kernel) throw new Error("this runtime lacks WebAssembly SIMD");
    const slow = drawShot(kernel, await shotOf(100, 5));
    const seen: number[] = [];
    for await (const frame of slow.frames) {
      seen.push((frame as Buffer)[0] as number);
      // Meanwhile the thread draws ahead, up to the end; then another shot begins.
      const other = drawShot(kernel, await shotOf(200, 5));
      const others: number[] = [];
      for await (const chunk of other.frames) others.push((chunk as Buffer)[0] as number);
      await other.end();
      expect(others).toEqual([200, 200, 200, 200, 200]);
    }
    await slow.end();
    expect(seen).toEqual([100, 100, 100, 100, 100]);
  });
});
