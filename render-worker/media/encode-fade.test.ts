import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seeded } from "../../tests/seeded.ts";
import { looks } from "./camera/looks.ts";
import type { Plate } from "./camera/shot.ts";
import { encodeFade } from "./encode-fade.ts";
import { encodeSegment, type Segment } from "./encode-segment.ts";
import { attachStrip, readStrip } from "./film-strip.ts";
import { readPictures } from "./mp4/read-pictures.ts";

const filmSize = { width: 320, height: 180 };
/** Longer than a piece of a stream, so that key frames follow in the scene. */
const frames = 256;
const { signal } = new AbortController();
let folder = "";
let plates: Plate[] = [];
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "fade-"));
  plates = await Promise.all([1, 2, 3].map(paintPlate));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function paintPlate(seed: number): Promise<Plate> {
  const { width, height } = { width: 364, height: 204 };
  const random = seeded(seed);
  const planes = Buffer.alloc((width * height * 3) / 2, 100 + seed * 20);
  for (let i = 0; i < width * height; i++) planes[i] = 40 + ((i * seed) % 90) + 20 * random();
  const plate = { width, height, file: at(`plate-${seed}`) };
  await writeFile(plate.file, planes);
  return plate;
}

/** The last plate's scene after one of the others. */
const segmentAfter = (earlier: number, name: string): Segment => ({
  ...{ filmSize, scene: 1, look: looks.dreamlike, plate: plates[2] as Plate, frames, closing: true },
  earlier: { plate: plates[earlier] as Plate, frames: 96 },
  ...{ quality: "preview", to: at(name), strip: at(`${name}.strip`) },
});

async function encodeWhole(earlier: number, name: string): Promise<string> {
  const segment = segmentAfter(earlier, name);
  await encodeSegment(segment, signal);
  await attachStrip(segment.to, segment.strip as string);
  return segment.to;
}

const read = async (file: string) => readPictures(await readFile(file));

it("makes the frames and the strip of a whole segment from another one's, of which it encodes the crossfade", async () => {
  const [kept, whole] = [await encodeWhole(0, "kept"), await encodeWhole(1, "whole")];
  const segment = segmentAfter(1, "joined");
  expect(await encodeFade(segment, kept, signal)).toBe(true);
  await attachStrip(segment.to, segment.strip as string);
  const [joined, expected, other] = await Promise.all([segment.to, whole, kept].map(read));
  expect(joined).toEqual(expected);
  expect((await readStrip(segment.to))?.equals((await readStrip(whole)) as Buffer)).toBe(true);
  const changed = joined?.frames.filter(({ bytes }, i) => !bytes.equals(other?.frames[i]?.bytes as Buffer));
  expect(changed?.length).toBeGreaterThan(16);
  expect(changed?.length).toBeLessThanOrEqual(32);
  expect(joined?.frames.flatMap(({ isKey }, i) => (isKey ? [i] : []))).toEqual([0, 32, 128]);
});

it("makes a file that ffmpeg decodes to the end", async () => {
  const segment = segmentAfter(1, "decoded");
  expect(await encodeFade(segment, await encodeWhole(0, "source"), signal)).toBe(true);
  const args = ["-v", "warning", "-i", segment.to, "-f", "framemd5", "-"];
  const { stdout, stderr } = await promisify(execFile)("ffmpeg", args);
  expect(stderr).toBe("");
  expect(stdout.split("\n").filter((line) => line.startsWith("0,"))).toHaveLength(frames);
});

it.each([
  ["has no key frame after the crossfade", { earlier: undefined }],
  ["has another length", { frames: 128 }],
  ["was encoded with other settings", { quality: "film" as const }],
])("leaves a segment to be encoded whole where the other one %s", async (_, difference) => {
  const kept = at("different");
  const other = { ...segmentAfter(0, "different"), ...difference };
  await encodeSegment(other, signal);
  await attachStrip(kept, `${kept}.strip`);
  expect(await encodeFade(segmentAfter(1, "unjoined"), kept, signal)).toBe(false);
});

it("leaves a segment to be encoded whole where the other one has no film strip", async () => {
  const { strip: _, ...segment } = segmentAfter(0, "plain");
  await encodeSegment(segment, signal);
  expect(await encodeFade(segmentAfter(1, "unstripped"), at("plain"), signal)).toBe(false);
});
