/**
 * docs/way-of-one-dream.md names files and functions in the order of one request. Each must exist, and they
 * are few.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/way-of-one-dream.md"), "utf8");
const steps = [...page.matchAll(/^\| `([\w./-]+\.ts)` +\| `(\w+)`/gm)].map(([, file = "", name = ""]) => ({
  file,
  name,
}));

it("every step of the way of one dream exists in its file", () => {
  expect(steps.length).toBeGreaterThan(20);
  const gone = steps.filter(({ file, name }) => {
    const path = join(root, file);
    const defined = new RegExp(`(function|const|class) ${name}\\b`);
    return !existsSync(path) || !defined.test(readFileSync(path, "utf8"));
  });
  expect(gone).toEqual([]);
});

it("the way of one dream is at most 20 files", () => {
  expect(new Set(steps.map(({ file }) => file)).size).toBeLessThanOrEqual(20);
});
