/** An asset that costs money: found in R2, or bought. */
import type { PaidCapability, Settlement } from "../../contract/charge.ts";
import type { Storage } from "../clients/storage.ts";
import type { Slots } from "../flow/slots.ts";
import { failpoint } from "../runtime/failpoint.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Asset, AssetFiles, AssetLocation, Found } from "./asset-files.ts";
import { buyAsset } from "./buy-asset.ts";
import { examine, type PurchaseSpec, usable } from "./examine-asset.ts";
import type { FirstCalls } from "./first-calls.ts";
import type { LedgerClient } from "./ledger-client.ts";
import { type AiPolicy, aiPolicy } from "./purchase-policy.ts";

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

export interface BuyingPorts extends AssetPorts {
  files: AssetFiles;
  /** Begins no further purchase once it has aborted. */
  signal: AbortSignal;
  /** Ends running calls, and the storing of what was bought. */
  graceSignal: AbortSignal;
}

/**
 * The asset at `location`, bought only if R2 does not have it and the ledger allows it.
 *
 * @throws Unusable if the results were unusable too often, and what buyAsset throws
 */
export async function findOrBuy(
  location: AssetLocation,
  spec: PurchaseSpec,
  capability: PaidCapability,
  ports: BuyingPorts,
): Promise<Asset> {
  const { fingerprint } = location;
  const { files, graceSignal, ledger, metrics, progress, signal } = ports;
  const known = await look(location, spec, files, (lookup) => ledger.holdWhile(lookup));
  // What another buyer has stored by the time of the purchase. An object, because a callback sets it.
  const late: { found: Found | null } = { found: null };
  if (known === null) {
    failpoint("asset.missing");
    const { scene, model, ceilingMicroUsd, call, prepare } = spec;
    spec.onMissing?.();
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
        isItsTurn: () => prepare === undefined && firstCall.isItsTurn(),
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
          late.found = await look(location, spec, files);
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

/**
 * Null if R2 does not have the asset, or has one that cannot be used. `wait` waits for the store's answer.
 */
async function look(
  location: AssetLocation,
  spec: PurchaseSpec,
  files: AssetFiles,
  wait = <T>(lookup: Promise<T>) => lookup,
): Promise<Found | null> {
  if (!spec.isReadLater) return usable(await wait(files.find(location)), location.path, spec);
  const [found, isReadLater] = await wait(Promise.all([files.lookUp(location), spec.isReadLater()]));
  if (found === null || (isReadLater && found.isVerified)) return found;
  return usable(found, await found.file(), spec);
}
