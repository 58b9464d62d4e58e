import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import type { Storage } from "../../render-worker/clients/storage.ts";
import { createAssetStore } from "../../render-worker/purchases/asset-store.ts";
import type { PurchaseSpec } from "../../render-worker/purchases/examine-asset.ts";
import type { AssetPorts } from "../../render-worker/purchases/find-or-buy.ts";
import { createFakeLedger } from "./fake-ledger.ts";
import { createFakeStorage } from "./fake-storage.ts";

export const picture = { capability: "picture", extension: "png", contentType: "image/png" } as const;

/** Asset stores and buckets in a folder that lasts for one test. */
export function useAssetStores() {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const { signal } = new AbortController();
  return {
    bucket: () => createFakeStorage(folder),
    /** The folder of the running test. */
    folderOf: () => folder,
    /** `until`: the attempt's signal. */
    storeOf: (
      storage: Storage,
      ledger = createFakeLedger(),
      until = signal,
      owner = "owner",
      ports: Partial<AssetPorts> = {},
    ) => createAssetStore({ ...ledger.ports(storage, until), ...ports }, owner, folder, until),
  };
}

/** Sells "asset 1", "asset 2" and so on, each for 42 millionths of a dollar. */
export function createSeller() {
  let sold = 0;
  return {
    get sold() {
      return sold;
    },
    buy: async () => ({ bytes: Buffer.from(`asset ${++sold}`), costMicroUsd: 42, requestId: `req_${sold}` }),
  };
}

/** A purchase of the scene by this call, for at most 50 millionths of a dollar. */
export const purchase = (call: PurchaseSpec["call"], scene = 0): PurchaseSpec => ({
  scene,
  model: "m",
  ceilingMicroUsd: 50,
  call,
});
