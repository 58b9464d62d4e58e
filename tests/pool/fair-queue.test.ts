/**
 * Real workers, and more jobs than they can make at once. The same as `npm run bench -- queues`, which prints
 * the table.
 */
import { expect, it } from "vitest";
import { findBroken, serve } from "../../bench/queues.ts";

it("serves premium first, starves no queue, and lets owners take turns", { timeout: 300_000 }, async () => {
  const mixed = await serve([
    { who: "premium", priority: "premium", jobs: 12 },
    { who: "standard", priority: "standard", jobs: 48 },
  ]);
  const owners = await serve([
    { who: "ada", priority: "standard", jobs: 50 },
    { who: "bob", priority: "standard", jobs: 1 },
  ]);
  expect(findBroken(mixed, owners)).toEqual([]);
});
