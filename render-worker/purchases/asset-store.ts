/**
 * The assets of a film, each bought or encoded once.
 *
 * Each asset lies in R2 under the hash of everything that shaped it. The store looks it up before it is
 * bought, and decodes and stores it before anything else happens to it, so a second attempt or a redo of one
 * scene finds it there. An asset that is found and cannot be decoded counts as missing. buy-asset.ts buys
 * what is missing.
 */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PaidCapability, Settlement } from "../../contract/charge.ts";
import { assetKey } from "../../contract/storage.ts";
import type { Storage } from "../clients/storage.ts";
import { createGraceSignal } from "../flow/grace-signal.ts";
import type { Slots } from "../flow/slots.ts";
import { failpoint } from "../runtime/failpoint.ts";
import type { Metrics } from "../runtime/metrics.ts";
import {
  type Asset,
  type AssetKind,
  type AssetLocation,
  createAssetFiles,
  type Found,
} from "./asset-files.ts";
import { buyAsset } from "./buy-asset.ts";
import { examine, type PurchaseSpec, usable } from "./examine-asset.ts";
import { hashOf } from "./fingerprint.ts";
import type { FirstCalls } from "./first-calls.ts";
import type { LedgerClient } from "./ledger-client.ts";
import { type AiPolicy, aiPolicy } from "./purchase-policy.ts";

export interface AssetStore {
  /** The fingerprint of the asset that `shape` describes. */
  fingerprintOf(kind: AssetKind, shape: Record<string, unknown>): string;
  /** Whether R2 has that asset now. @throws Transient, Rejected, or the signal's reason */
  isKept(kind: AssetKind, shape: Record<string, unknown>): Promise<boolean>;
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
   * @throws what `make` throws
   */
  getOrMake(
    kind: AssetKind,
    shape: Record<string, unknown>,
    make: (path: string) => Promise<void>,
  ): Promise<KeptFile>;
  /** A note about finished work that `shape` describes, for later attempts and jobs. */
  note(kind: AssetKind, shape: Record<string, unknown>): Note;
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
  reused: boolean;
}

/** What the film's progress learns of purchases. `scene` counts from 0; null for the whole film. */
export interface PurchaseProgress {
  settle(settlement: Settlement): void;
  spent(microUsd: number, on: PaidCapability, scene: number | null): void;
  reused(savedMicroUsd: number, kind: PaidCapability, scene: number | null): void;
  useAsset(fingerprint: string): void;
}

export interface AssetPorts {
  storage: Storage;
  ledger: LedgerClient;
  /** Limits the number of AI calls at the same time. */
  purchases: Slots;
  progress: PurchaseProgress;
  metrics: Pick<Metrics, "assetReused" | "spent">;
  firstCalls: FirstCalls;
  policy?: AiPolicy;
  /**
   * How long a running purchase may take to end and to be stored after its attempt has stopped, in
   * milliseconds.
   */
  graceMs: number;
}

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
  const { ledger, progress, metrics } = ports;
  const inFlight = new Map<string, Promise<Asset>>();
  const storing: Promise<void>[] = [];
  const graceSignal = createGraceSignal(attempt, ports.graceMs);
  const files = createAssetFiles(ports.storage, signal, graceSignal);
  const fingerprintOf = ({ capability }: AssetKind, shape: Record<string, unknown>) =>
    hashOf({ v: 1, scope, capability, ...shape });
  const locate = (kind: AssetKind, shape: Record<string, unknown>): AssetLocation => {
    const fingerprint = fingerprintOf(kind, shape);
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
    async obtain(kind, shape, spec) {
      const asset = await makeOnce(kind, shape, (location) => findOrBuy(location, spec, kind.capability));
      if (asset.reused) {
        metrics.assetReused(kind.capability);
        progress.reused(asset.costMicroUsd, kind.capability, spec.scene);
      }
      return asset;
    },
    getOrMake: async (kind, shape, make) => {
      const { file, reused } = await makeOnce(
        kind,
        shape,
        async (location) => (await files.find(location)) ?? makeAndKeep(location, make),
      );
      return { path: await file(), reused };
    },
    note: (kind, shape) => {
      const location = locate(kind, shape);
      progress.useAsset(location.fingerprint);
      return {
        find: async () => (await files.find(location)) && readFile(location.path, "utf8"),
        keep: (text) => {
          const kept = writeFile(location.path, text).then(() => files.keep(location));
          storing.push(kept.catch(() => {}));
        },
      };
    },
    flush: async () => {
      await Promise.allSettled(inFlight.values());
      await Promise.all(storing);
    },
  };

  /** Null if R2 does not have the asset, or has one that cannot be used. `wait` waits for the store's answer. */
  async function look(
    location: AssetLocation,
    spec: PurchaseSpec,
    wait = <T>(lookup: Promise<T>) => lookup,
  ): Promise<Found | null> {
    if (!spec.isReadLater) return usable(await wait(files.find(location)), location.path, spec);
    const [found, isReadLater] = await wait(Promise.all([files.lookUp(location), spec.isReadLater()]));
    if (found === null || (isReadLater && found.isVerified)) return found;
    return usable(found, await found.file(), spec);
  }

  async function findOrBuy(
    location: AssetLocation,
    spec: PurchaseSpec,
    capability: PaidCapability,
  ): Promise<Asset> {
    const { fingerprint } = location;
    const known = await look(location, spec, (lookup) => ledger.holdWhile(lookup));
    // What another buyer has stored by the time of the purchase. An object, because a callback sets it.
    const late: { found: Found | null } = { found: null };
    if (known === null) {
      failpoint("asset.missing");
      const { scene, model, ceilingMicroUsd, call, prepare } = spec;
      const charge = {
        fingerprint,
        capability,
        scene,
        model,
        ceiling_micro_usd: ceilingMicroUsd,
        gone: false,
      };
      const firstCall = ports.firstCalls.register(capability, scene);
      const price = await buyAsset(
        {
          charge,
          call,
          waitForTurn: async (until) => {
            await prepare?.();
            await firstCall.waitForTurn(until);
          },
        },
        {
          ledger,
          slots: ports.purchases,
          policy: ports.policy ?? aiPolicy,
          signal,
          graceSignal,
          find: async () => {
            late.found = await look(location, spec);
            return late.found !== null;
          },
          examine: async (bytes) => examine(location.path, bytes, spec),
          store: (paid, isVerified) => files.store(location, paid, isVerified),
          settle: (settlement) => progress.settle(settlement),
          spent: (cost) => {
            metrics.spent(capability, cost);
            progress.spent(cost, capability, scene);
          },
        },
      ).then(...firstCall.onSettled);
      if (price !== null)
        return {
          ...{ key: location.key, reused: false, costMicroUsd: price.microUsd },
          file: async () => location.path,
        };
    }
    // If the buyer was killed after storing the asset, its purchase is still open: the attempt that finds it
    // settles it.
    const asset = known ?? late.found;
    if (asset === null) throw new Error("an asset that is paid was not found");
    const price = { cost_micro_usd: asset.costMicroUsd, estimated: asset.isEstimated };
    progress.settle({ fingerprint, outcome: "found", ...price, request_id: null });
    return asset;
  }
}
