import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { clearScratch, withScratch } from "./scratch.ts";

let parent: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "dreamreel-scratch-"));
});
afterEach(() => rmSync(parent, { recursive: true }));

it("leaves no folder, whether the work ends well or not", async () => {
  const seen = await withScratch(parent, "job", async (folder) => {
    writeFileSync(join(folder, "file"), "x");
    return folder;
  });
  await expect(withScratch(parent, "job", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(existsSync(seen)).toBe(false);
  expect(readdirSync(parent)).toEqual([]);
});

it("removes what killed processes left, and nothing else", async () => {
  const deadPid = Number(execFileSync(process.execPath, ["-p", "process.pid"]));
  for (const name of [`${deadPid}-job-a`, `${process.pid}-job-b`, `${process.ppid}-job-c`, "another-program"])
    mkdirSync(join(parent, name));
  writeFileSync(join(parent, `${deadPid}-job-a`, "plate.yuv"), "x");
  expect(await clearScratch(parent)).toBe(2);
  expect(readdirSync(parent).sort()).toEqual([`${process.ppid}-job-c`, "another-program"].sort());
});

it("finds nothing where there is no folder yet", async () => {
  expect(await clearScratch(join(parent, "not-there"))).toBe(0);
});
