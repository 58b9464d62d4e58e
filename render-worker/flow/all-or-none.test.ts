import { expect, it } from "vitest";
import { allOrNone } from "./all-or-none.ts";

it("ends after all of its work, with the first failure, which stops the rest", async () => {
  const failed = new AbortController();
  const slow = Promise.withResolvers<void>();
  let isStopped = false;
  failed.signal.addEventListener("abort", () => {
    isStopped = true;
    slow.reject(failed.signal.reason);
  });
  const first = new Error("the disk is full");
  await expect(allOrNone([Promise.reject(first), slow.promise], failed)).rejects.toBe(first);
  expect([isStopped, failed.signal.reason]).toEqual([true, first]);
});

it("says why the rest failed where its own work has ended well", async () => {
  const failed = new AbortController();
  failed.abort(new Error("another part failed"));
  await expect(allOrNone([Promise.resolve()], failed)).rejects.toThrow("another part failed");
});

it("resolves where nothing fails", async () => {
  await allOrNone([Promise.resolve(1), Promise.resolve(2)], new AbortController());
});
