/**
 * The assets of a film, each bought or encoded once.
 *
 * Each asset lies in R2 under the hash of everything that shaped it. The store looks it up before it is
 * bought, decodes it, and stores it. Nothing that is made of it leaves the machine earlier, so a second
 * attempt or a redo of one scene finds it there. An asset that is found and cannot be decoded counts as
 * missing. find-or-buy.ts buys what is missing.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PaidCapability } from "../../contract/charge.ts";
import { assetKey } from "../../contract/storage.ts";
import { createGraceSignal } from "../flow/grace-signal.ts";
import {
  type Asset,
  type AssetFiles,
  type AssetKind,
  type AssetLocation,
  createAssetFiles,
} from "./asset-files.ts";
import type { PurchaseSpec } from "./examine-asset.ts";
import { type AssetPorts, findOrBuy } from "./find-or-buy.ts";
import { hashOf } from "./fingerprint.ts";
import { watchAssets } from "./known-assets.ts";

export interface AssetStore {
  /** The fingerprint of the asset that `shape` describes. */
  fingerprintOf(kind: AssetKind, shape: Record<string, unknown>): string;
  /** Whether R2 has that asset, or had it when it was remembered. @throws as `isStored` */
  isKept(kind: AssetKind, shape: Record<string, unknown>): Promise<boolean>;
  /** Whether R2 has that asset now. @throws Transient, Rejected, or the signal's reason */
  isStored(kind: AssetKind, shape: Record<string, unknown>): Promise<boolean>;
  /**
   * The asset that `shape` describes, bought only if R2 does not have it and the ledger allows it. `shape`
   * must hold everything that changes the result. Two callers with the same shape share one purchase.
   *
   * @throws Unusable if the results were unusable too often, and what buyAsset throws
   */
  obtain(kind: AssetKind<PaidCapability>, shape: Record<string, unknown>, spec: PurchaseSpec): Promise<Asset>;
  /**
   * The same for a file that `make` writes, such as an encoded segment. Resolves before the file is
   * stored. A file that cannot be stored is made again next time.
   *
   * @param isNew it is made of something that was bought just now, so the store is not asked for it
   * @throws what `make` throws
   */
  getOrMake(
    kind: AssetKind,
    shape: Record<string, unknown>,
    make: (path: string) => Promise<void>,
    isNew?: boolean,
  ): Promise<KeptFile>;
  /**
   * The path of a file that `getOrMake` kept, by its fingerprint; null if the store does not have it.
   *
   * @throws Transient, Rejected, or the signal's reason
   */
  findMade(kind: AssetKind, fingerprint: string): Promise<string | null>;
  /**
   * Copies such a file to another key within the store, without reading it. False: the store does not have
   * it.
   *
   * @throws Transient, Rejected, or the signal's reason
   */
  copyTo(key: string, kind: AssetKind, shape: Record<string, unknown>): Promise<boolean>;
  /**
   * Reads what `rememberAll` kept of this shape, so that the store is asked only about what is new. An asset
   * that is gone since then cannot be read: recall nothing in an attempt after that.
   *
   * @throws Transient, Rejected, or the signal's reason
   */
  recallAll(shape: Record<string, unknown>): Promise<void>;
  /** Keeps which assets were used, and their notes, for `recallAll`. What cannot be stored is lost. */
  rememberAll(shape: Record<string, unknown>): void;
  /** A note about finished work that `shape` describes, for later attempts and jobs. */
  note(kind: AssetKind, shape: Record<string, unknown>): Note;
  /**
   * The text that was kept of this shape when the assets of `recallAll` were remembered; null if there is
   * none.
   */
  findMemo(shape: Record<string, unknown>): string | null;
  /** Keeps a text for `findMemo`. It lies in the list of `rememberAll`, and costs no object of its own. */
  keepMemo(shape: Record<string, unknown>, text: string): void;
  /**
   * Resolves when no purchase and no upload is running; never rejects. An attempt must not end before: what
   * it is still buying would be lost, and bought again.
   */
  flush(): Promise<void>;
}

export interface Note {
  /** The text that was kept last; null if there is none. */
  find(): Promise<string | null>;
  /** Replaces the text. A note that cannot be stored is lost. */
  keep(text: string): void;
}

/** A file that was made and cost nothing. */
export interface KeptFile {
  /** In the job's scratch folder. */
  path: string;
  /** The same fingerprint always means the same file. */
  fingerprint: string;
  reused: boolean;
}

const memoKind = { capability: "memo", extension: "json", contentType: "application/json" } as const;
const listKind = { capability: "assets", extension: "json", contentType: "application/json" } as const;

/**
 * The assets of one attempt.
 *
 * @param scope separates owners: an owner's dream never gets another owner's purchase
 * @param signal begins no further purchase once it has aborted
 * @param attempt ends the attempt: running calls are cut off `graceMs` after it. While only `signal` has
 *   aborted, they take as long as they need
 */
export function createAssetStore(
  ports: AssetPorts,
  scope: string,
  scratchDir: string,
  signal: AbortSignal,
  attempt: AbortSignal = signal,
): AssetStore {
  const { progress, metrics } = ports;
  const inFlight = new Map<string, Promise<Asset>>();
  const storing: Promise<void>[] = [];
  const graceSignal = createGraceSignal(attempt, ports.graceMs);
  const known = watchAssets(ports.storage);
  const files = createAssetFiles(known.storage, signal, graceSignal);
  const buying = { ...ports, files, signal, graceSignal };
  const fingerprintOf = ({ capability }: AssetKind, shape: Record<string, unknown>) =>
    hashOf({ v: 1, scope, capability, ...shape });
  const locate = (kind: AssetKind, shape: Record<string, unknown>): AssetLocation =>
    place(kind, fingerprintOf(kind, shape));
  const place = (kind: AssetKind, fingerprint: string): AssetLocation => {
    // Without an extension, so that ffmpeg never trusts a name.
    const path = join(scratchDir, `asset-${fingerprint.slice(0, 24)}`);
    return { kind, fingerprint, key: assetKey(fingerprint, kind.extension), path };
  };
  const makeOnce = (
    kind: AssetKind,
    shape: Record<string, unknown>,
    make: (location: AssetLocation) => Promise<Asset>,
  ): Promise<Asset> => {
    const location = locate(kind, shape);
    const { fingerprint } = location;
    const running = inFlight.get(fingerprint);
    if (running) return running.then((asset) => ({ ...asset, reused: true }));
    progress.useAsset(fingerprint);
    const started = make(location);
    inFlight.set(fingerprint, started);
    return started;
  };
  /** `write` makes the file at the location's path, which is then stored beside the work. */
  const makeAndKeep = async (location: AssetLocation, write: (path: string) => Promise<void>) => {
    await write(location.path);
    storing.push(files.keep(location).catch(() => {}));
    return { key: location.key, file: async () => location.path, reused: false, costMicroUsd: 0 };
  };
  return {
    fingerprintOf,
    isKept: async (kind, shape) => (await files.lookUp(locate(kind, shape))) !== null,
    isStored: async (kind, shape) => (await ports.storage.lookUp(locate(kind, shape).key, signal)) !== null,
    async obtain(kind, shape, spec) {
      const asset = await makeOnce(kind, shape, (location) =>
        findOrBuy(location, spec, kind.capability, buying),
      );
      if (asset.reused) {
        metrics.assetReused(kind.capability);
        progress.reused(asset.costMicroUsd, kind.capability, spec.scene);
      }
      return asset;
    },
    getOrMake: async (kind, shape, make, isNew = false) => {
      const { file, reused } = await makeOnce(
        kind,
        shape,
        async (location) => (isNew ? null : await files.find(location)) ?? makeAndKeep(location, make),
      );
      return { path: await file(), fingerprint: fingerprintOf(kind, shape), reused };
    },
    copyTo: async (to, kind, shape) => {
      const { fingerprint, key } = locate(kind, shape);
      if (inFlight.has(fingerprint)) return false;
      const isCopied = await ports.storage.copy(key, to, signal);
      if (isCopied) progress.useAsset(fingerprint);
      return isCopied;
    },
    async findMade(kind, fingerprint) {
      const location = place(kind, fingerprint);
      return (await files.find(location)) && location.path;
    },
    note: (kind, shape) => noteAt(locate(kind, shape), files),
    findMemo: (shape) => known.findMemo(locate(memoKind, shape).key),
    keepMemo: (shape, text) => known.keepMemo(locate(memoKind, shape).key, text),
    recallAll: async (shape) => known.recall((await listOf(shape).find()) ?? ""),
    rememberAll: (shape) => {
      // What is still being stored belongs to it.
      const stored = Promise.all(storing).then(() => listOf(shape).keep(known.describe()));
      storing.push(stored);
    },
    flush: async () => {
      await Promise.allSettled(inFlight.values());
      // A list of what was stored is stored after it.
      for (const one of storing) await one;
    },
  };

  function noteAt(location: AssetLocation, from: AssetFiles): Note {
    progress.useAsset(location.fingerprint);
    return {
      find: async () => (await from.find(location)) && readFile(location.path, "utf8"),
      keep: (text) => {
        const kept = writeFile(location.path, text).then(() => from.keep(location));
        storing.push(kept.catch(() => {}));
      },
    };
  }

  /** The list of known assets, which is not one of them. */
  function listOf(shape: Record<string, unknown>): Note {
    return noteAt(locate(listKind, shape), createAssetFiles(ports.storage, signal, graceSignal));
  }
}
