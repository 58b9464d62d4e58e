import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { verifySegment } from "../verify-segment.ts";
import { readBoxes } from "./boxes.ts";
import { readPictures } from "./read-pictures.ts";

let folder = "";
let segment = Buffer.alloc(0);
const filmSize = { width: 64, height: 36 };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mp4-"));
  const source = "testsrc=size=64x36:rate=30:duration=2";
  const encoder = "-c:v libx264 -profile:v high -pix_fmt yuv420p -video_track_timescale 15360 -f mp4";
  const args = ["-v", "error", "-f", "lavfi", "-i", source, ...encoder.split(" "), join(folder, "segment")];
  await promisify(execFile)("ffmpeg", args);
  segment = await readFile(join(folder, "segment"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a segment", () => {
  it("is read with its size, its codec, and every frame as the encoder wrote it", () => {
    const { frames, ...read } = readPictures(segment);
    expect(read).toMatchObject({ ...filmSize, timescale: 15_360, codec: expect.stringMatching(/^avc1\.64/) });
    expect(frames).toHaveLength(60);
    expect(frames.map(({ isKey }) => isKey)).toEqual(frames.map((_, i) => i === 0));
    const mdat = readBoxes(segment).find(({ type }) => type === "mdat")?.body;
    expect(Buffer.concat(frames.map(({ bytes }) => bytes)).equals(mdat as Buffer)).toBe(true);
  });

  it.each([
    ["was cut at its end", () => segment.subarray(0, -100)],
    ["was cut in its pictures", () => segment.subarray(0, 200)],
    ["is noise", () => Buffer.alloc(64, 0xab)],
    ["is empty", () => Buffer.alloc(0)],
  ])("is refused when it %s", async (_, damaged) => {
    await writeFile(join(folder, "damaged"), damaged());
    await expect(verifySegment(join(folder, "damaged"), { filmSize, frames: 60 })).rejects.toMatchObject({
      code: "segment.incomplete",
    });
  });

  it("is refused when it has too few frames or another size", async () => {
    const file = join(folder, "segment");
    await verifySegment(file, { filmSize, frames: 60 });
    const incomplete = { code: "segment.incomplete" };
    await expect(verifySegment(file, { filmSize, frames: 64 })).rejects.toMatchObject(incomplete);
    const other = { width: 62, height: 36 };
    await expect(verifySegment(file, { filmSize: other, frames: 60 })).rejects.toMatchObject(incomplete);
  });
});
