import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createSeller, picture, purchase, useAssetStores } from "../../tests/fakes/fake-assets.ts";
import type { Storage } from "../clients/storage.ts";
import type { AssetStore } from "./asset-store.ts";

const { bucket, storeOf, folderOf } = useAssetStores();
const note = { capability: "hearing", extension: "json", contentType: "application/json" } as const;
const film = { dream: "drm" };

/** A store that lists what it is asked for. */
function listing(storage: Storage) {
  const asked: string[] = [];
  const listed: Storage = {
    ...storage,
    lookUp: (key, signal) => {
      asked.push(`lookUp ${key.split(".")[1]}`);
      return storage.lookUp(key, signal);
    },
    fetchInto: (key, path, signal) => {
      asked.push(`fetch ${key.split(".")[1]}`);
      return storage.fetchInto(key, path, signal);
    },
  };
  return { listed, asked };
}

const spec = (seller: ReturnType<typeof createSeller>) => ({
  ...purchase(seller.buy),
  check: async () => undefined,
  isReadLater: async () => true,
});

/** Buys a picture, hears it, and remembers both. */
async function makeFilm(storage: Storage, seller: ReturnType<typeof createSeller>): Promise<AssetStore> {
  const store = storeOf(storage);
  await store.obtain(picture, { prompt: "a" }, spec(seller));
  store.note(note, { of: "a" }).keep('"heard"');
  await store.flush();
  store.rememberAll(film);
  await store.flush();
  return store;
}

it("asks the store once for all that an earlier film of the dream has used", async () => {
  const { storage } = bucket();
  const seller = createSeller();
  await makeFilm(storage, seller);
  const { listed, asked } = listing(storage);
  const redo = storeOf(listed);
  await redo.recallAll(film);
  const found = await redo.obtain(picture, { prompt: "a" }, spec(seller));
  expect([found.reused, found.costMicroUsd]).toEqual([true, 42]);
  expect(await redo.isKept(picture, { prompt: "a" })).toBe(true);
  expect(await redo.note(note, { of: "a" }).find()).toBe('"heard"');
  expect(asked).toEqual(["fetch json"]);
  expect(await readFile(await found.file(), "utf8")).toBe("asset 1");
  expect([asked, seller.sold]).toEqual([["fetch json", "fetch png"], 1]);
});

it("asks for what is new, and remembers it with what was known", async () => {
  const { storage } = bucket();
  const seller = createSeller();
  await makeFilm(storage, seller);
  const redo = storeOf(storage);
  await redo.recallAll(film);
  await redo.obtain(picture, { prompt: "a" }, spec(seller));
  expect((await redo.obtain(picture, { prompt: "b" }, spec(seller))).reused).toBe(false);
  redo.rememberAll(film);
  await redo.flush();
  const { listed, asked } = listing(storage);
  const next = storeOf(listed);
  await next.recallAll(film);
  for (const prompt of ["a", "b"])
    expect((await next.obtain(picture, { prompt }, spec(seller))).reused).toBe(true);
  expect(asked).toEqual(["fetch json"]);
});

it("hands the job back where a remembered asset is gone, and buys it in an attempt that asks the store", async () => {
  const { storage, objects } = bucket();
  const seller = createSeller();
  await makeFilm(storage, seller);
  for (const key of objects.keys()) if (key.endsWith(".png")) objects.delete(key);
  const redo = storeOf(storage);
  await redo.recallAll(film);
  const found = await redo.obtain(picture, { prompt: "a" }, spec(seller));
  await expect(found.file()).rejects.toMatchObject({ code: "asset.vanished" });
  expect((await storeOf(storage).obtain(picture, { prompt: "a" }, spec(seller))).reused).toBe(false);
});

it("asks the store where nothing is remembered, or what is remembered cannot be read", async () => {
  const { storage, objects } = bucket();
  const seller = createSeller();
  const store = await makeFilm(storage, seller);
  const before = [...objects.keys()];
  store.rememberAll({ dream: "other" });
  await store.flush();
  const index = [...objects.keys()].find((key) => !before.includes(key)) ?? "";
  const path = join(folderOf(), "damaged");
  for (const text of ["no JSON", '{"a":1}']) {
    await writeFile(path, text);
    await storage.putFile(index, path, "application/json", AbortSignal.any([]));
    const redo = storeOf(storage);
    await redo.recallAll({ dream: "other" });
    expect((await redo.obtain(picture, { prompt: "a" }, spec(seller))).reused).toBe(true);
  }
  await storeOf(storage).recallAll({ dream: "unknown" });
});
