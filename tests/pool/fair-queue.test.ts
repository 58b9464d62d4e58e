/**
 * Real workers, and more jobs than they can make at once. The same as `npm run bench -- queues`, which prints
 * the table, with fewer jobs of one owner.
 */
import { expect, it } from "vitest";
import { findBroken, serveAll } from "../../bench/queues.ts";

it("serves premium first, starves no queue, and lets owners take turns", { timeout: 300_000 }, async () => {
  const [mixed, owners] = await serveAll(20);
  expect(findBroken(mixed, owners)).toEqual([]);
});
