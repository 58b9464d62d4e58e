import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seeded } from "../../tests/seeded.ts";
import { encodeSegment } from "./encode-segment.ts";
import { grainPlate } from "./grain-plate.ts";

const filmSize = { width: 640, height: 360 };
const plateOf = { width: 720, height: 404 };
const { signal } = new AbortController();
let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "grain-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A plate of a gradient of 24 levels from `darkest` on, with grain of so many levels. */
async function keepGradient(name: string, darkest: number, grain = 3) {
  const { width, height } = plateOf;
  const planes = Buffer.alloc((width * height * 3) / 2, 128);
  const random = seeded(1);
  for (let at = 0; at < width * height; at++) {
    planes[at] = darkest + Math.floor((24 * Math.floor(at / width)) / height + grain * random());
  }
  const plate = { ...plateOf, file: join(folder, name) };
  await writeFile(plate.file, planes);
  return plate;
}

/** The part of the 8x8 blocks of the film's twentieth frame in which all samples of luma are the same. */
async function flatShare(film: string): Promise<number> {
  const pick = ["-vf", "select=eq(n\\,20)", "-frames:v", "1", "-pix_fmt", "yuv420p", "-f", "rawvideo", "-"];
  const options = { encoding: "buffer", maxBuffer: 1 << 24 } as const;
  const { stdout } = await promisify(execFile)("ffmpeg", ["-v", "error", "-i", film, ...pick], options);
  let [flat, blocks] = [0, 0];
  for (let top = 0; top < filmSize.height; top += 8)
    for (let left = 0; left < filmSize.width; left += 8) {
      const samples = Array.from(
        { length: 64 },
        (_, i) => stdout[(top + (i >> 3)) * filmSize.width + left + (i & 7)],
      );
      blocks++;
      if (samples.every((sample) => sample === samples[0])) flat++;
    }
  return flat / blocks;
}

// With x264's look-ahead (docs/decisions/0017), most blocks are flat.
it("keeps a dark gradient from breaking up into bands", async () => {
  const plate = await keepGradient("bands", 17);
  const to = join(folder, "bands.mp4");
  await encodeSegment({ filmSize, scene: 0, plate, frames: 48, closing: false, to }, signal);
  expect(await flatShare(to)).toBeLessThan(0.15);
});

describe("a dark plate", () => {
  // Without grain of its own 54 % of the blocks are flat at the same settings of the encoder.
  it("gets a grain that survives the encoder, so that a smooth gradient has no bands", async () => {
    const plate = await keepGradient("smooth", 17, 1);
    await grainPlate(plate);
    const to = join(folder, "smooth.mp4");
    await encodeSegment({ filmSize, scene: 0, plate, frames: 48, closing: false, to }, signal);
    expect(await flatShare(to)).toBeLessThan(0.1);
  });

  it("gets the same grain each time, once; a bright one and a grainy one stay as they are", async () => {
    const [a, b] = [await keepGradient("a", 17, 1), await keepGradient("b", 17, 1)];
    for (const plate of [a, b]) await grainPlate(plate);
    const once = await readFile(a.file);
    expect(once.equals(await readFile(b.file))).toBe(true);
    await grainPlate(a);
    expect(once.equals(await readFile(a.file))).toBe(true);
    for (const plate of [await keepGradient("bright", 150, 1), await keepGradient("grainy", 17, 5)]) {
      const before = await readFile(plate.file);
      await grainPlate(plate);
      expect(before.equals(await readFile(plate.file))).toBe(true);
    }
  });
});
