import { execFile } from "node:child_process";
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { attachStrip, cutStrip, readStrip, tileSize } from "./film-strip.ts";
import { readPictures } from "./mp4/read-pictures.ts";

const preview = { width: 128, height: 72 };
let folder = "";
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "strip-"));
  const source = ["-f", "lavfi", "-i", "testsrc2=size=128x72:rate=30"];
  const encoder =
    "-frames:v 48 -c:v libx264 -profile:v high -pix_fmt yuv420p -video_track_timescale 15360 -f mp4";
  await promisify(execFile)("ffmpeg", ["-v", "error", ...source, ...encoder.split(" "), at("plain")]);
});
afterAll(() => rm(folder, { recursive: true }));

describe("a film strip", () => {
  it("is kept in its segment, whose pictures stay as they were", async () => {
    await copyFile(at("plain"), at("segment"));
    const { signal } = new AbortController();
    await cutStrip(at("segment"), preview, at("strip"), signal);
    const strip = await readFile(at("strip"));
    const tile = tileSize(preview);
    expect(strip.length).toBe(3 * tile.width * tile.height * 1.5);
    await attachStrip(at("segment"), at("strip"));
    expect((await readStrip(at("segment")))?.equals(strip)).toBe(true);
    await expect(stat(at("strip"))).rejects.toThrow("ENOENT");
    const bytesOf = async (file: string) =>
      readPictures(await readFile(file)).frames.map(({ bytes }) => bytes);
    expect(await bytesOf(at("segment"))).toEqual(await bytesOf(at("plain")));
  });

  it("is missing in a segment of an older worker, and where none was drawn", async () => {
    expect(await readStrip(at("plain"))).toBeNull();
    const before = await readFile(at("plain"));
    await attachStrip(at("plain"), at("no such strip"));
    expect((await readFile(at("plain"))).equals(before)).toBe(true);
  });

  it("of another recipe counts as missing", async () => {
    await copyFile(at("plain"), at("other"));
    await writeFile(at("strip"), Buffer.alloc(10));
    await attachStrip(at("other"), at("strip"));
    const bytes = await readFile(at("other"));
    bytes.writeUInt8("0".charCodeAt(0), bytes.lastIndexOf("strip ") + "strip ".length);
    await writeFile(at("other"), bytes);
    expect(await readStrip(at("other"))).toBeNull();
  });
});
