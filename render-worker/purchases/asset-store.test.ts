import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createSeller, picture, purchase, useAssetStores } from "../../tests/fakes/fake-assets.ts";
import { createFakeLedger } from "../../tests/fakes/fake-ledger.ts";
import type { Storage } from "../clients/storage.ts";
import { Transient } from "../errors.ts";
import { hashOf } from "./fingerprint.ts";

const { bucket, storeOf } = useAssetStores();
const { signal } = new AbortController();

describe("an asset that is bought", () => {
  it("buys once: a second attempt finds what the first one stored, and what it had cost", async () => {
    const { storage } = bucket();
    const ledger = createFakeLedger();
    const first = await storeOf(storage).obtain(picture, { prompt: "a" }, purchase(createSeller().buy));
    const second = await storeOf(storage, ledger).obtain(
      picture,
      { prompt: "a" },
      purchase(() => Promise.reject(new Error("bought twice"))),
    );
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(second.costMicroUsd).toBe(42);
    expect(await readFile(await second.file(), "utf8")).toBe("asset 1");
    expect([ledger.calls, ledger.spent]).toEqual([[], []]);
    expect(ledger.settled).toMatchObject([{ outcome: "found", cost_micro_usd: 42 }]);
  });

  it("is read only when it is asked for, if it was decoded before and may not be needed", async () => {
    const { storage } = bucket();
    const reads: string[] = [];
    const counted: Storage = {
      ...storage,
      fetchInto: (key, path, until) => {
        reads.push(key);
        return storage.fetchInto(key, path, until);
      },
    };
    const seller = createSeller();
    let checks = 0;
    const spec = { ...purchase(seller.buy), check: async () => void checks++, isReadLater: async () => true };
    await storeOf(counted).obtain(picture, { prompt: "a" }, spec);
    const found = await storeOf(counted).obtain(picture, { prompt: "a" }, spec);
    expect([found.reused, found.costMicroUsd, checks, reads]).toEqual([true, 42, 1, []]);
    const files = await Promise.all([found.file(), found.file()]);
    expect([await readFile(files[0] ?? "", "utf8"), reads]).toEqual(["asset 1", [found.key]]);
    const needed = { ...spec, isReadLater: async () => false };
    await storeOf(counted).obtain(picture, { prompt: "a" }, needed);
    expect([checks, reads.length, seller.sold]).toEqual([2, 2, 1]);
  });

  it("lets two scenes that want the same thing share one purchase", async () => {
    const seller = createSeller();
    const store = storeOf(bucket().storage);
    const both = await Promise.all(
      [1, 2].map(() => store.obtain(picture, { prompt: "a" }, purchase(seller.buy))),
    );
    expect(seller.sold).toBe(1);
    expect(both.map((asset) => asset.reused)).toEqual([false, true]);
  });

  it("never answers one owner from another's purchase", async () => {
    const { storage } = bucket();
    const seller = createSeller();
    for (const owner of ["one", "two"])
      await storeOf(storage, createFakeLedger(), signal, owner).obtain(
        picture,
        { prompt: "a" },
        purchase(seller.buy),
      );
    expect(seller.sold).toBe(2);
  });

  it("stores what was paid once the store is back, and does not buy again", async () => {
    const { storage, objects } = bucket();
    const seller = createSeller();
    let outages = 2;
    const flaky: Storage = {
      ...storage,
      putFile: async (...put) => {
        if (outages-- > 0) throw new Transient("storage.unavailable", "away");
        return storage.putFile(...put);
      },
    };
    const asset = await storeOf(flaky).obtain(picture, {}, purchase(seller.buy));
    expect([seller.sold, objects.has(asset.key)]).toEqual([1, true]);
  });
});

describe("a film's purchases", () => {
  it("ask the ledger together and once, voices first, while their calls may begin at once", async () => {
    const ledger = createFakeLedger();
    const store = storeOf(bucket().storage, ledger);
    const voice = { capability: "voice", extension: "wav", contentType: "audio/wav" } as const;
    await Promise.all(
      [0, 1, 2, 3].flatMap((scene) =>
        [picture, voice].map((one) => store.obtain(one, { scene }, purchase(createSeller().buy, scene))),
      ),
    );
    expect(ledger.calls.map(({ reserve, send }) => [reserve.length, send.length])).toEqual([[8, 8]]);
    expect(ledger.calls[0]?.reserve.map(({ capability, scene }) => `${capability} ${scene}`)).toEqual(
      ["voice", "picture"].flatMap((name) => [0, 1, 2, 3].map((scene) => `${name} ${scene}`)),
    );
  });

  it.each([
    ["over_budget", "owner", "budget.owner_exceeded"],
    ["over_budget", "job", "budget.job_exceeded"],
    ["outcome_unknown", null, "ai.outcome_unknown"],
  ] as const)("are not made where the ledger says %s (%s)", async (decision, exceededBudget, code) => {
    const seller = createSeller();
    const store = storeOf(
      bucket().storage,
      createFakeLedger(() => decision, exceededBudget),
    );
    await expect(store.obtain(picture, {}, purchase(seller.buy))).rejects.toMatchObject({ code });
    expect(seller.sold).toBe(0);
  });

  it("wait for another job that buys the same, and take what it has bought", async () => {
    const { storage } = bucket();
    const seller = createSeller();
    const ledger = createFakeLedger((_, nth) => (nth === 1 ? "wait" : null));
    const waiting = storeOf(storage, ledger).obtain(picture, {}, purchase(seller.buy));
    await storeOf(storage).obtain(picture, {}, purchase(seller.buy));
    expect([(await waiting).reused, seller.sold]).toEqual([true, 1]);
  });

  it("are made again where what the ledger calls paid is gone from the store", async () => {
    const ledger = createFakeLedger((_, nth) => (nth === 1 ? "paid" : null));
    const asset = await storeOf(bucket().storage, ledger).obtain(picture, {}, purchase(createSeller().buy));
    expect(asset.reused).toBe(false);
    expect(ledger.calls.flatMap(({ reserve }) => reserve.map(({ gone }) => gone))).toEqual([false, true]);
  });
});

describe("hashOf", () => {
  it("does not depend on the order of fields", () => {
    expect(hashOf({ a: 1, b: { c: [1, { d: 2, e: 3 }] } })).toBe(
      hashOf({ b: { c: [1, { e: 3, d: 2 }] }, a: 1 }),
    );
  });

  it("depends on every value", () => {
    expect(hashOf({ a: 1 })).not.toBe(hashOf({ a: "1" }));
    expect(hashOf({ a: [1, 2] })).not.toBe(hashOf({ a: [2, 1] }));
  });
});
