/**
 * The real ffmpeg on a real disk that is full: no input is at fault, so the job is handed back and does not
 * fail.
 */
import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Transient } from "../errors.ts";
import { runFfmpeg } from "./ffmpeg.ts";

const times = 20;
const diskBytes = 4 * 1024 * 1024;
let folder = "";
let disk = "";
let canMount = true;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "no-resources-"));
  disk = join(folder, "disk");
  await mkdir(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${diskBytes}`, "tmpfs", disk], { stdio: "ignore" });
  } catch {
    canMount = false;
  }
  await encode(join(folder, "in.nut"), [], folder);
});
afterAll(async () => {
  if (canMount) execFileSync("umount", [disk]);
  await rm(folder, { recursive: true, force: true });
});

const freeBytes = async () => {
  const { bavail, bsize } = await statfs(disk);
  return bavail * bsize;
};

/** Three seconds of uncompressed pictures: 21 MB. */
function encode(file: string, from: readonly string[], cwd: string) {
  return runFfmpeg({
    inputs: [
      from.length > 0
        ? { source: from[0] as string }
        : { source: "/dev/zero", options: ["-f", "rawvideo", "-s", "320x240", "-r", "25", "-t", "3"] },
    ],
    outputs: [{ file, options: ["-c:v", "rawvideo", "-pix_fmt", "yuv444p"] }],
    cwd,
    signal: new AbortController().signal,
    timeoutMs: 60_000,
  });
}
const failure = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("ffmpeg", () => {
  it(`says that the disk is full, ${times} times, and all of it is free again afterwards`, async ({
    skip,
  }) => {
    if (!canMount) skip("needs the right to mount a tmpfs");
    const before = await freeBytes();
    for (let time = 0; time < times; time++) {
      const error = await failure(encode(join(disk, "out.nut"), [join(folder, "in.nut")], disk));
      expect(error).toBeInstanceOf(Transient);
      expect(error).toMatchObject({ code: "ffmpeg.no_resources" });
      for (const name of await readdir(disk)) await rm(join(disk, name));
      expect(await freeBytes()).toBe(before);
    }
  });
});
