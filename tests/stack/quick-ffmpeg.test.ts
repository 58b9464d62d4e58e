import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { until } from "../until.ts";
import { unlinkLibraries } from "./unlink-libraries.ts";

const folder = process.env.PATH?.split(delimiter)[0] ?? "";
const isQuick = existsSync(join(folder, "ffmpeg")) && folder.includes(join("build", "quick"));

it.runIf(isQuick)("starts ffmpeg without the libraries of screens, sound cards and networks", async () => {
  const child = spawn("ffmpeg", ["-v", "error", "-f", "s16le", "-i", "pipe:0", "-f", "null", "-"]);
  const loaded = await until(
    () => readFileSync(`/proc/${child.pid}/maps`, "utf8"),
    (maps) => maps.includes("/libavcodec.so") && maps.includes("/libx264.so"),
  );
  expect(loaded).toContain(join(folder, "libavcodec.so"));
  expect(loaded).not.toMatch(/\/lib(X11|SDL2[^/]*|pulse|GL|rsvg[^/]*|srt[^/]*|ssh[^/]*)\.so/);
  child.stdin.end(Buffer.alloc(8_820));
  expect(await once(child, "exit")).toEqual([0, null]);
});

it.runIf(isQuick)("ends ffmpeg where it needs what was left out, so no test passes without it", async () => {
  const args = ["-v", "error", "-f", "lavfi", "-i", "sine=d=1", "-c:a", "libspeex", "-f", "ogg", "-"];
  await expect(promisify(execFile)("ffmpeg", args)).rejects.toMatchObject({ signal: "SIGSEGV" });
});

it("edits nothing but libraries", () => {
  const script = Buffer.from("#!/bin/sh\nexec /usr/bin/ffmpeg\n".repeat(4));
  expect(() => unlinkLibraries(script, () => true)).toThrow("unknown format");
});
