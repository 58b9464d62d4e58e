import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { lockState } from "./state-lock.ts";

const folder = mkdtempSync(join(tmpdir(), "dreamreel-lock-"));
afterEach(() => rmSync(join(folder, "lock"), { force: true }));

it("refuses a folder that a living process has, names the process, and leaves its lock", () => {
  writeFileSync(join(folder, "lock"), String(process.ppid));
  expect(() => lockState(folder)).toThrow(`Process ${process.ppid} runs a local cloud`);
  expect(existsSync(join(folder, "lock"))).toBe(true);
});

it.each(["99999999", String(process.pid), ""])(
  "takes a folder over from process %j, which is gone",
  (pid) => {
    writeFileSync(join(folder, "lock"), pid);
    const unlock = lockState(folder);
    unlock();
    expect(existsSync(join(folder, "lock"))).toBe(false);
  },
);
