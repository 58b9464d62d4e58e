import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { createSeller, picture, purchase, useAssetStores } from "../../tests/fakes/fake-assets.ts";
import { createFakeLedger } from "../../tests/fakes/fake-ledger.ts";
import type { Storage } from "../clients/storage.ts";
import { Transient } from "../errors.ts";

const { bucket, storeOf } = useAssetStores();

describe("an asset that the worker makes", () => {
  it("is there without waiting for its upload, and is made again if it could not be stored", async () => {
    const { storage } = bucket();
    const segment = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;
    let made = 0;
    const make = async (path: string) => writeFile(path, `segment ${++made}`);
    const away: Storage = {
      ...storage,
      putFile: () => Promise.reject(new Transient("storage.unavailable", "")),
    };
    const gate = Promise.withResolvers<void>();
    const slow: Storage = {
      ...storage,
      putFile: (...put) => gate.promise.then(() => storage.putFile(...put)),
    };
    const unkept = storeOf(away);
    await unkept.getOrMake(segment, { n: 1 }, make);
    await unkept.flush();
    const store = storeOf(slow);
    const { path } = await store.getOrMake(segment, { n: 1 }, make);
    expect(await readFile(path, "utf8")).toBe("segment 2");
    gate.resolve();
    await store.flush();
    expect(await storeOf(storage).getOrMake(segment, { n: 1 }, make)).toMatchObject({ reused: true });
    expect(made).toBe(2);
  });

  it("is named to the ledger before it is there, as is one that it buys or finds", async () => {
    const { storage, objects } = bucket();
    const bought = createFakeLedger();
    const segment = { capability: "segment", extension: "mp4", contentType: "video/mp4" } as const;
    const first = storeOf(storage, bought);
    await first.obtain(picture, { prompt: "a" }, purchase(createSeller().buy));
    await first.getOrMake(segment, { scene: 0 }, async (path) => {
      expect(bought.used).toHaveLength(2);
      await writeFile(path, "segment");
    });
    await first.flush();
    expect([...objects.keys()]).toEqual(
      bought.used.map((fingerprint, index) => `assets/${fingerprint}.${index ? "mp4" : "png"}`),
    );
    const found = createFakeLedger();
    await storeOf(storage, found).obtain(picture, { prompt: "a" }, purchase(createSeller().buy));
    expect(found.used).toEqual([bought.used[0]]);
  });
});
