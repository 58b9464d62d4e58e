import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { crash, crashPoints } from "../../render-worker/runtime/failpoint.ts";

const worker = join(import.meta.dirname, "../../render-worker");

/** Every `crash.at("…")` of production code. */
const placed = readdirSync(worker, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts") && name !== "crash.ts")
  .flatMap((name) => [...readFileSync(join(worker, name), "utf8").matchAll(/crash\.at\(([^)]*)\)/g)])
  .map(([, point]) => point);

it("every crash point stands in the code once, and the sweep knows every one that stands there", () => {
  expect(placed.sort()).toEqual(crashPoints.map((point) => `"${point}"`).sort());
});

it("does nothing in production, where nobody listens", () => {
  for (const point of crashPoints) expect(crash.at(point)).toBeUndefined();
});
