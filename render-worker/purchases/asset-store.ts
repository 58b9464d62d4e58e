/**
 * The assets of a film, each bought or encoded once.
 *
 * Each asset lies in R2 under the hash of everything that shaped it. The store looks it up before it is
 * bought, and decodes and stores it before anything else happens to it, so a second attempt or a redo of one
 * scene finds it there. An asset that is found and cannot be decoded counts as missing. buy-asset.ts buys
 * what is missing.
 */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { PaidCapability, Settlement } from "../../contract/charge.ts";
import { type AssetExtension, assetKey } from "../../contract/storage.ts";
import type { ObjectMetadata, Storage } from "../clients/storage.ts";
import { Poison } from "../errors.ts";
import { createGraceSignal } from "../flow/grace-signal.ts";
import { type RetryPolicy, retryTransient } from "../flow/retry.ts";
import type { Slots } from "../flow/slots.ts";
import { failpoint } from "../runtime/failpoint.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { buyAsset, type Examination, type Price, type PurchaseRequest } from "./buy-asset.ts";
import type { FirstCalls } from "./first-calls.ts";
import type { LedgerClient } from "./ledger-client.ts";
import { type AiPolicy, aiPolicy } from "./purchase-policy.ts";

const costKey = "cost-micro-usd";
const estimatedKey = "cost-estimated";
/** Set on assets that were decoded before they were stored. Assets of older workers do not have it. */
const verifiedKey = "decoded";
/** The asset is paid for, so storing it is retried for longer than a restart of the store takes. */
const storePolicy: RetryPolicy = { tries: 20, baseDelayMs: 500, maxDelayMs: 5_000 };

export interface AssetKind<C = PaidCapability | "segment" | "sound" | "still" | "focus"> {
  capability: C;
  extension: AssetExtension;
  contentType: string;
}

export interface Asset {
  key: string;
  /** Local copy in the job's scratch folder. */
  path: string;
  /** The asset was found in R2 and cost nothing now. */
  reused: boolean;
  /** What the asset cost when it was bought, now or earlier. */
  costMicroUsd: number;
}

interface Found extends Asset {
  isEstimated: boolean;
  isVerified: boolean;
}

/** How to buy an asset that R2 does not have. */
export interface PurchaseSpec {
  /** Counted from 0; null for an asset of the whole film. */
  scene: number | null;
  model: string;
  ceilingMicroUsd: number;
  /**
   * Its signal aborts later than the attempt's, so that a running call may end: what was paid for is stored
   * even if the attempt has stopped. A failure of another part of the film does not abort it.
   */
  call: PurchaseRequest["call"];
  check?: Check;
}

/**
 * Decodes the file, bought or found, and returns its price if that depends on the decoded length.
 * `isVerified`: it was decoded before it was stored.
 *
 * @throws Poison if the file cannot be used: it is bought again, within bounds
 */
export type Check = (path: string, isVerified: boolean) => Promise<{ costMicroUsd: number } | undefined>;

export interface AssetStore {
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
  ): Promise<Asset>;
  /**
   * Resolves when no purchase and no upload is running; never rejects. An attempt must not end before: what
   * it is still buying would be lost, and bought again.
   */
  flush(): Promise<void>;
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
  const { storage, ledger, progress, metrics } = ports;
  const inFlight = new Map<string, Promise<Asset>>();
  const storing: Promise<void>[] = [];
  const graceSignal = createGraceSignal(attempt, ports.graceMs);
  const makeOnce = (
    kind: AssetKind,
    shape: Record<string, unknown>,
    make: (location: AssetLocation) => Promise<Asset>,
  ): Promise<Asset> => {
    const fingerprint = hashOf({ v: 1, scope, capability: kind.capability, ...shape });
    const running = inFlight.get(fingerprint);
    if (running) return running.then((asset) => ({ ...asset, reused: true }));
    progress.useAsset(fingerprint);
    // Without an extension, so that ffmpeg never trusts a name.
    const path = join(scratchDir, `asset-${fingerprint.slice(0, 24)}`);
    const started = make({ kind, fingerprint, key: assetKey(fingerprint, kind.extension), path });
    inFlight.set(fingerprint, started);
    return started;
  };
  return {
    async obtain(kind, shape, spec) {
      const asset = await makeOnce(kind, shape, (location) => findOrBuy(location, spec, kind.capability));
      if (asset.reused) {
        metrics.assetReused(kind.capability);
        progress.reused(asset.costMicroUsd, kind.capability, spec.scene);
      }
      return asset;
    },
    getOrMake: (kind, shape, make) =>
      makeOnce(kind, shape, async (location) => {
        const found = await find(location);
        if (found) return found;
        await make(location.path);
        storing.push(put(location, { [costKey]: "0" }, signal).catch(() => {}));
        return { ...location, reused: false, costMicroUsd: 0 };
      }),
    flush: async () => {
      await Promise.allSettled(inFlight.values());
      await Promise.all(storing);
    },
  };

  async function findOrBuy(
    location: AssetLocation,
    spec: PurchaseSpec,
    capability: PaidCapability,
  ): Promise<Asset> {
    const { fingerprint } = location;
    let found = await usable(await ledger.holdWhile(find(location)), spec);
    if (found === null) {
      failpoint("asset.missing");
      const { scene, model, ceilingMicroUsd, call } = spec;
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
        { charge, call, waitForTurn: firstCall.waitForTurn },
        {
          ledger,
          slots: ports.purchases,
          policy: ports.policy ?? aiPolicy,
          signal,
          graceSignal,
          find: async () => {
            found = await usable(await find(location), spec);
            return found !== null;
          },
          examine: async (bytes) => examine(location.path, bytes, spec),
          store: (paid, isVerified) => store(location, paid, isVerified),
          settle: (settlement) => progress.settle(settlement),
          spent: (cost) => {
            metrics.spent(capability, cost);
            progress.spent(cost, capability, scene);
          },
        },
      ).then(...firstCall.onSettled);
      if (price !== null) return { ...location, reused: false, costMicroUsd: price.microUsd };
    }
    // If the buyer was killed after storing the asset, its purchase is still open: the attempt that finds it
    // settles it.
    const asset = found as unknown as Found;
    const price = { cost_micro_usd: asset.costMicroUsd, estimated: asset.isEstimated };
    progress.settle({ fingerprint, outcome: "found", ...price, request_id: null });
    return asset;
  }

  async function find({ key, path }: AssetLocation): Promise<Found | null> {
    const metadata = await storage.fetchInto(key, path, signal);
    return (
      metadata && {
        ...{ key, path, reused: true },
        costMicroUsd: Number(metadata[costKey] ?? 0),
        isEstimated: metadata[estimatedKey] !== undefined,
        isVerified: metadata[verifiedKey] !== undefined,
      }
    );
  }

  function store(location: AssetLocation, price: Price, isVerified: boolean): Promise<void> {
    const metadata = {
      [costKey]: String(price.microUsd),
      ...(price.isEstimated ? { [estimatedKey]: "1" } : {}),
      ...(isVerified ? { [verifiedKey]: "1" } : {}),
    };
    return retryTransient(storePolicy, graceSignal, () => put(location, metadata, graceSignal));
  }

  function put(
    { kind, key, path }: AssetLocation,
    metadata: ObjectMetadata,
    until: AbortSignal,
  ): Promise<void> {
    return storage.putFile(key, path, kind.contentType, until, metadata);
  }
}

/** Null if the asset was found and cannot be used. */
async function usable(found: Found | null, { check }: PurchaseSpec): Promise<Found | null> {
  try {
    if (found) await check?.(found.path, found.isVerified);
    return found;
  } catch (error) {
    if (error instanceof Poison) return null;
    throw error;
  }
}

async function examine(path: string, bytes: Uint8Array, { check }: PurchaseSpec): Promise<Examination> {
  await writeFile(path, bytes);
  try {
    return { costMicroUsd: (await check?.(path, false))?.costMicroUsd ?? null };
  } catch (error) {
    if (error instanceof Poison) return { costMicroUsd: null, unusable: error };
    return { costMicroUsd: null, failure: error instanceof Error ? error : new Error(String(error)) };
  }
}

interface AssetLocation {
  kind: AssetKind;
  fingerprint: string;
  key: string;
  path: string;
}

/**
 * sha256 in hex of the value's JSON with sorted keys, so that the order of fields never causes a second
 * purchase.
 */
export function hashOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
