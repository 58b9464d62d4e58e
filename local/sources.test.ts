import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { root } from "./root.ts";
import { watchSources } from "./sources.ts";

it("sees changes of code, and none of tests, editors and the compiler", async () => {
  const folder = await mkdtemp(join(tmpdir(), "dreamreel-sources-"));
  try {
    const path = relative(root, folder);
    const readChanges = watchSources([path]);
    for (const name of ["a.ts", "a.test.ts", "a.ts~", ".a.ts.swp", "tsconfig.tsbuildinfo"])
      await writeFile(join(folder, name), "1");
    expect(readChanges()).toEqual([join(path, "a.ts")]);
    expect(readChanges()).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
