import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { pruneBuild } from "./prune-build.ts";

const build = mkdtempSync(join(tmpdir(), "dreamreel-build-"));
afterAll(() => rmSync(build, { recursive: true }));
const nowMs = Date.parse("2026-11-27T12:00:00Z");
const age = (path: string, days: number) => {
  const seconds = nowMs / 1000 - days * 24 * 3600;
  utimesSync(path, seconds, seconds);
};

it("keeps a week of compiled code, the newest three databases and bundles, and all else", () => {
  mkdirSync(join(build, "compiled", "v24"), { recursive: true });
  mkdirSync(join(build, "studio"));
  for (const [path, days] of [
    ["compiled/v24/old", 8],
    ["compiled/v24/new", 6],
    ["studio/main.js", 90],
  ] as const) {
    writeFileSync(join(build, path), "");
    age(join(build, path), days);
  }
  for (const days of [1, 2, 3, 4]) {
    for (const name of ["migrated", "workers"]) {
      mkdirSync(join(build, name, `of-${days}`), { recursive: true });
      age(join(build, name, `of-${days}`), days);
    }
  }
  pruneBuild(build, nowMs);
  expect(readdirSync(join(build, "compiled", "v24"))).toEqual(["new"]);
  for (const name of ["migrated", "workers"])
    expect(readdirSync(join(build, name))).toEqual(["of-1", "of-2", "of-3"]);
  expect(readdirSync(join(build, "studio"))).toEqual(["main.js"]);
});

it("does nothing where nothing is built", () => {
  expect(() => pruneBuild(join(build, "nowhere"), nowMs)).not.toThrow();
});
