/**
 * Assets: what is bought once. Each lies in R2 under the hash of everything that shaped it, is looked up before it is
 * bought, and is stored before anything else happens to it. A second attempt, or a redo of one scene, finds it there.
 */
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { assetKey } from "../../contract/storage.ts";
import type { Storage } from "../clients/storage.ts";
import { crash } from "../crash.ts";
import { graceAfter } from "../grace.ts";
import { type RetryPolicy, retryTransient } from "../retry.ts";

const costNote = "cost-micro-usd";
/** What is in hand is worth storing for longer than a restart of the store takes. */
const storePolicy: RetryPolicy = { tries: 20, baseDelayMs: 500, maxDelayMs: 5_000 };
/** How long a purchase under way may still end and be stored when its attempt stops. Below half a stop's deadline. */
const graceMs = 8_000;

export interface AssetKind {
  capability: "text" | "picture" | "voice" | "segment";
  extension: "json" | "png" | "wav" | "mp4";
  contentType: string;
}

export interface Asset {
  key: string;
  /** Local copy in the job's scratch folder. */
  path: string;
  /** Found in R2: cost nothing now. */
  reused: boolean;
  /** What it cost when it was bought, be it now or earlier. */
  costMicroUsd: number;
}

export interface AssetStore {
  /**
   * The asset that `shape` describes, bought by `buy` only if R2 does not have it. `shape` must hold everything that
   * changes the result. Two callers with the same shape share one purchase. `buy` gets a signal that gives a call
   * that is under way time to end: what was paid is stored, also where the attempt has stopped meanwhile.
   */
  obtain(
    kind: AssetKind,
    shape: Record<string, unknown>,
    buy: (signal: AbortSignal) => Promise<{ bytes: Uint8Array; costMicroUsd: number }>,
  ): Promise<Asset>;
  /** The same for a file that `make` writes itself: what was encoded once is not encoded again. */
  keep(
    kind: AssetKind,
    shape: Record<string, unknown>,
    make: (path: string) => Promise<void>,
  ): Promise<Asset>;
}

/** `scope` separates owners: nobody's dream is answered from another's purchase. */
export function createAssetStore(
  storage: Storage,
  scope: string,
  scratchDir: string,
  signal: AbortSignal,
): AssetStore {
  const underway = new Map<string, Promise<Asset>>();
  const lasting = graceAfter(signal, graceMs);
  const once = (kind: AssetKind, shape: Record<string, unknown>, make: (path: string) => Promise<number>) => {
    const hash = fingerprint({ v: 1, scope, capability: kind.capability, ...shape });
    const running = underway.get(hash);
    if (running) return running.then((asset) => ({ ...asset, reused: true }));
    const started = findOrMake(kind, hash, make);
    underway.set(hash, started);
    return started;
  };
  return {
    obtain: (kind, shape, buy) =>
      once(kind, shape, async (path) => {
        crash.at("asset.missing");
        const { bytes, costMicroUsd } = await buy(lasting);
        crash.at("asset.bought");
        await writeFile(path, bytes);
        return costMicroUsd;
      }),
    keep: (kind, shape, make) =>
      once(kind, shape, async (path) => {
        await make(path);
        return 0;
      }),
  };

  async function findOrMake(
    kind: AssetKind,
    hash: string,
    make: (path: string) => Promise<number>,
  ): Promise<Asset> {
    const key = assetKey(hash, kind.extension);
    // No extension: ffmpeg must sniff what it gets, not believe a name.
    const path = join(scratchDir, `asset-${hash.slice(0, 24)}`);
    const found = await storage.fetchInto(key, path, signal);
    if (found) return { key, path, reused: true, costMicroUsd: Number(found[costNote] ?? 0) };
    const costMicroUsd = await make(path);
    const notes = { [costNote]: String(costMicroUsd) };
    await retryTransient(storePolicy, lasting, () =>
      storage.putFile(key, path, kind.contentType, lasting, notes),
    );
    crash.at("asset.stored");
    return { key, path, reused: false, costMicroUsd };
  }
}

export const readAssetText = (asset: Asset): Promise<string> => readFile(asset.path, "utf8");

/** sha256 in hex over the value's JSON with sorted keys, so that field order never buys twice. */
export function fingerprint(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
