/**
 * docs/proof.md cites tests by file and name. Each must exist, or the page claims something without a test.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { findMissing } from "./find-missing.ts";

const root = join(import.meta.dirname, "../..");
const read = (file: string) => readFileSync(join(root, file), "utf8");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
}).split("\n");

it("every test file and test name that the page of proofs cites exists", () => {
  expect(findMissing(read("docs/proof.md"), files, read)).toEqual([]);
});

it("a missing test file, an ambiguous one, and a renamed test are found", () => {
  const page = '| a | `tests/gone.test.ts` |\n| b | `two.test.ts` "x" |\n| c | `one.test.ts` "old name" |';
  const here = ["a/two.test.ts", "b/two.test.ts", "one.test.ts"];
  expect(findMissing(page, here, () => 'it("new name")')).toEqual([
    "tests/gone.test.ts: 0 files",
    "two.test.ts: 2 files",
    'no test of this row says "x"',
    'no test of this row says "old name"',
  ]);
});
