import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { failpoint, failpoints } from "../../render-worker/runtime/failpoint.ts";

const worker = join(import.meta.dirname, "../../render-worker");

/** Every `failpoint("…")` of production code. */
const placed = readdirSync(worker, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && !name.endsWith("failpoint.ts"))
  .flatMap((name) => [...readFileSync(join(worker, name), "utf8").matchAll(/failpoint\(([^)]*)\)/g)])
  .map(([, point]) => point);

it("every failpoint is in the code once, and the sweep of failpoints knows each of them", () => {
  expect(placed.sort()).toEqual(failpoints.map((point) => `"${point}"`).sort());
});

it("does nothing in production, where no listener is set", () => {
  for (const point of failpoints) expect(failpoint(point)).toBeUndefined();
});
