/**
 * Assets: what is bought once. Each lies in R2 under the hash of everything that shaped it, is looked up before it is
 * bought, and is decoded and stored before anything else happens to it. A second attempt, or a redo of one scene, finds it
 * there. What is found and can not be decoded counts as gone.
 * What is missing is bought by the book: see buy-asset.ts.
 */
import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Capability } from "../../contract/charge.ts";
import { type AssetExtension, assetKey } from "../../contract/storage.ts";
import type { ObjectMetadata, Storage } from "../clients/storage.ts";
import { Poison } from "../errors.ts";
import { createGraceSignal } from "../flow/grace-signal.ts";
import { type RetryPolicy, retryTransient } from "../flow/retry.ts";
import type { Slots } from "../flow/slots.ts";
import type { Progress } from "../pipeline/progress.ts";
import { failpoint } from "../runtime/failpoint.ts";
import type { Metrics } from "../runtime/metrics.ts";
import { buyAsset, type Examination, type Price, type PurchaseRequest } from "./buy-asset.ts";
import type { FirstCalls } from "./first-calls.ts";
import type { LedgerClient } from "./ledger-client.ts";
import { type AiPolicy, aiPolicy } from "./purchase-policy.ts";

const costKey = "cost-micro-usd";
const estimatedKey = "cost-estimated";
/** Kept with what was decoded before it was stored. Assets of older workers have no such note. */
const verifiedKey = "decoded";
/** What is in hand is worth storing for longer than a restart of the store takes. */
const storePolicy: RetryPolicy = { tries: 20, baseDelayMs: 500, maxDelayMs: 5_000 };

export interface AssetKind<C = Capability | "segment" | "sound" | "still"> {
  capability: C;
  extension: AssetExtension;
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

interface Found extends Asset {
  isEstimated: boolean;
  isVerified: boolean;
}

/** What is to be bought where R2 does not have it. */
export interface PurchaseSpec {
  /** Counted from 0; null for what belongs to the whole film. */
  scene: number | null;
  model: string;
  ceilingMicroUsd: number;
  /**
   * Gets a signal that gives a call that is under way time to end: what was paid is stored, also where the attempt has
   * stopped meanwhile.
   */
  call: PurchaseRequest["call"];
  check?: Check;
}

/**
 * Decodes the file, bought or found, and answers its price where that depends on what was decoded. `isVerified`: it was
 * decoded before it was stored.
 * @throws Poison where it is of no use: it is bought again, within bounds
 */
export type Check = (path: string, isVerified: boolean) => Promise<{ costMicroUsd: number } | undefined>;

export interface AssetStore {
  /**
   * The asset that `shape` describes, bought only if R2 does not have it and the ledger lets it. `shape` must hold
   * everything that changes the result. Two callers with the same shape share one purchase.
   *
   * @throws Unusable where what was bought is of no use time and again, and what buyAsset throws
   */
  obtain(kind: AssetKind<Capability>, shape: Record<string, unknown>, spec: PurchaseSpec): Promise<Asset>;
  /**
   * The same for a file that `make` writes itself: what was encoded once is not encoded again. It is there before it is
   * stored, which costs nobody time; what could not be stored is made again another time.
   */
  getOrMake(
    kind: AssetKind,
    shape: Record<string, unknown>,
    make: (path: string) => Promise<void>,
  ): Promise<Asset>;
  /** Resolves when nothing is being stored any more. */
  flush(): Promise<void>;
}

export interface AssetPorts {
  storage: Storage;
  ledger: LedgerClient;
  /** Calls to AI providers at the same time. */
  purchases: Slots;
  progress: Pick<Progress, "settle" | "spent" | "reused" | "useAsset">;
  metrics: Pick<Metrics, "assetReused" | "spent">;
  firstCalls: FirstCalls;
  policy?: AiPolicy;
  /** How long a purchase under way may still end and be stored when its attempt stops. */
  graceMs: number;
}

/** `scope` separates owners: nobody's dream is answered from another's purchase. */
export function createAssetStore(
  ports: AssetPorts,
  scope: string,
  scratchDir: string,
  signal: AbortSignal,
): AssetStore {
  const { storage, ledger, progress, metrics } = ports;
  const inFlight = new Map<string, Promise<Asset>>();
  const storing: Promise<void>[] = [];
  const graceSignal = createGraceSignal(signal, ports.graceMs);
  const makeOnce = (
    kind: AssetKind,
    shape: Record<string, unknown>,
    make: (location: AssetLocation) => Promise<Asset>,
  ): Promise<Asset> => {
    const fingerprint = hashOf({ v: 1, scope, capability: kind.capability, ...shape });
    const running = inFlight.get(fingerprint);
    if (running) return running.then((asset) => ({ ...asset, reused: true }));
    progress.useAsset(fingerprint);
    // No extension: ffmpeg must sniff what it gets, not believe a name.
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
    flush: async () => void (await Promise.all(storing)),
  };

  async function findOrBuy(
    location: AssetLocation,
    spec: PurchaseSpec,
    capability: Capability,
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
    // A purchase that nobody has closed, because its buyer died after storing it, is closed by whoever finds it.
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

/** Null for what was found and can not be used. */
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
    if (error instanceof Poison) return { costMicroUsd: null, useless: error };
    return { costMicroUsd: null, failure: error instanceof Error ? error : new Error(String(error)) };
  }
}

interface AssetLocation {
  kind: AssetKind;
  fingerprint: string;
  key: string;
  path: string;
}

/** sha256 in hex over the value's JSON with sorted keys, so that field order never buys twice. */
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
