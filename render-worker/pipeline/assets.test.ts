import { copyFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Notes, Storage } from "../clients/storage.ts";
import { Transient } from "../errors.ts";
import { createAssetStore, fingerprint } from "./assets.ts";

const kind = { capability: "picture", extension: "png", contentType: "image/png" } as const;
const signal = new AbortController().signal;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
});
afterEach(() => rm(folder, { recursive: true }));

function bucket() {
  const objects = new Map<string, { path: string; notes: Notes }>();
  const storage: Storage = {
    async fetchInto(key, path) {
      const object = objects.get(key);
      if (object) await copyFile(object.path, path);
      return object?.notes ?? null;
    },
    async put() {},
    async putFile(key, from, _contentType, _signal, notes = {}) {
      const path = join(folder, `bucket-${objects.size}`);
      await copyFile(from, path);
      objects.set(key, { path, notes });
    },
  };
  return { storage, objects };
}

function shop() {
  let sold = 0;
  return {
    get sold() {
      return sold;
    },
    buy: async () => ({ bytes: Buffer.from(`asset ${++sold}`), costMicroUsd: 42 }),
  };
}

describe("assets", () => {
  it("buys once: a second attempt finds what the first one stored, and what it had cost", async () => {
    const { storage } = bucket();
    const first = await createAssetStore(storage, "owner", folder, signal).obtain(
      kind,
      { prompt: "a" },
      shop().buy,
    );
    const second = await createAssetStore(storage, "owner", folder, signal).obtain(
      kind,
      { prompt: "a" },
      () => Promise.reject(new Error("bought twice")),
    );
    expect([first.reused, second.reused]).toEqual([false, true]);
    expect(second.costMicroUsd).toBe(42);
    expect(await readFile(second.path, "utf8")).toBe("asset 1");
  });

  it("lets two scenes that want the same thing share one purchase", async () => {
    const till = shop();
    const store = createAssetStore(bucket().storage, "owner", folder, signal);
    const both = await Promise.all([1, 2].map(() => store.obtain(kind, { prompt: "a" }, till.buy)));
    expect(till.sold).toBe(1);
    expect(both.map((asset) => asset.reused)).toEqual([false, true]);
  });

  it("never answers one owner from another's purchase", async () => {
    const { storage } = bucket();
    const till = shop();
    for (const owner of ["one", "two"])
      await createAssetStore(storage, owner, folder, signal).obtain(kind, { prompt: "a" }, till.buy);
    expect(till.sold).toBe(2);
  });

  it("stores what was paid once the store is back, and does not buy again", async () => {
    const { storage, objects } = bucket();
    const till = shop();
    let outages = 2;
    const flaky: Storage = {
      ...storage,
      putFile: async (...put) => {
        if (outages-- > 0) throw new Transient("storage.unavailable", "away");
        return storage.putFile(...put);
      },
    };
    const asset = await createAssetStore(flaky, "owner", folder, signal).obtain(kind, {}, till.buy);
    expect([till.sold, objects.has(asset.key)]).toEqual([1, true]);
  });

  it("lets a purchase under way end and be stored when its attempt stops", async () => {
    const { storage, objects } = bucket();
    const stop = new AbortController();
    const store = createAssetStore(storage, "owner", folder, stop.signal);
    const asset = await store.obtain(kind, {}, async (lasting) => {
      stop.abort(new Error("the worker stops"));
      expect(lasting.aborted).toBe(false);
      return shop().buy();
    });
    expect(objects.has(asset.key)).toBe(true);
  });

  it("is stored before the caller has it", async () => {
    const { storage, objects } = bucket();
    const asset = await createAssetStore(storage, "owner", folder, signal).obtain(kind, {}, shop().buy);
    expect(objects.has(asset.key)).toBe(true);
  });
});

describe("fingerprint", () => {
  it("does not depend on the order of fields", () => {
    expect(fingerprint({ a: 1, b: { c: [1, { d: 2, e: 3 }] } })).toBe(
      fingerprint({ b: { c: [1, { e: 3, d: 2 }] }, a: 1 }),
    );
  });

  it("depends on every value", () => {
    expect(fingerprint({ a: 1 })).not.toBe(fingerprint({ a: "1" }));
    expect(fingerprint({ a: [1, 2] })).not.toBe(fingerprint({ a: [2, 1] }));
  });
});
