/** Assets as files in R2, each with what it cost: read into the scratch folder, and stored from there. */
import type { PaidCapability } from "../../contract/charge.ts";
import type { AssetExtension } from "../../contract/storage.ts";
import type { ObjectMetadata, Storage } from "../clients/storage.ts";
import { Transient } from "../errors.ts";
import { type RetryPolicy, retryTransient } from "../flow/retry.ts";
import type { Price } from "./buy-asset.ts";

const costKey = "cost-micro-usd";
const estimatedKey = "cost-estimated";
/** Set on assets that were decoded before they were stored. Assets of older workers do not have it. */
const verifiedKey = "decoded";
/** The asset is paid for, so storing it is retried for longer than a restart of the store takes. */
const storePolicy: RetryPolicy = { tries: 20, baseDelayMs: 500, maxDelayMs: 5_000 };

/** What the asset with this metadata cost when it was bought, in millionths of a US dollar. */
export const costOf = (metadata: ObjectMetadata): number => Number(metadata[costKey] ?? 0);

export interface AssetKind<
  C =
    | PaidCapability
    | "segment"
    | "sound"
    | "still"
    | "focus"
    | "film"
    | "hearing"
    | "strip"
    | "memo"
    | "assets",
> {
  capability: C;
  extension: AssetExtension;
  contentType: string;
}

export interface Asset {
  key: string;
  /**
   * The local copy in the job's scratch folder, fetched on the first call if it is not there yet.
   *
   * @throws Transient or the signal's reason
   */
  file(): Promise<string>;
  /** The asset was found in R2 and cost nothing now. */
  reused: boolean;
  /** What the asset cost when it was bought, now or earlier. */
  costMicroUsd: number;
}

/** An asset that R2 has. */
export interface Found extends Asset {
  isEstimated: boolean;
  isVerified: boolean;
}

/** Where an asset is, or will be. */
export interface AssetLocation {
  kind: AssetKind;
  fingerprint: string;
  key: string;
  /** In the job's scratch folder. */
  path: string;
}

export interface AssetFiles {
  /** Reads the asset's file; null if R2 does not have it. */
  find(location: AssetLocation): Promise<Found | null>;
  /** The same without reading the file, which is fetched when it is asked for. */
  lookUp(location: AssetLocation): Promise<Found | null>;
  /** Stores an asset that was bought. `isVerified`: it was decoded without a fault. */
  store(location: AssetLocation, price: Price, isVerified: boolean): Promise<void>;
  /**
   * Stores a file that was made and cost nothing, once: the caller makes it again if this fails. What it may
   * have been made of is stored first. Otherwise an attempt that ends between would leave a file that shows a
   * picture which the next attempt buys anew.
   */
  keep(location: AssetLocation): Promise<void>;
}

/**
 * The files of one attempt.
 *
 * @param signal ends reads, and the storing of files that cost nothing
 * @param graceSignal ends the storing of what was bought
 */
export function createAssetFiles(
  storage: Storage,
  signal: AbortSignal,
  graceSignal: AbortSignal,
): AssetFiles {
  const put = ({ kind, key, path }: AssetLocation, metadata: ObjectMetadata, until: AbortSignal) =>
    storage.putFile(key, path, kind.contentType, until, metadata);
  const describe = (key: string, metadata: ObjectMetadata, file: Found["file"]): Found => ({
    ...{ key, reused: true, file },
    costMicroUsd: costOf(metadata),
    isEstimated: metadata[estimatedKey] !== undefined,
    isVerified: metadata[verifiedKey] !== undefined,
  });
  const storing = new Set<Promise<void>>();
  return {
    async find({ key, path }) {
      const metadata = await storage.fetchInto(key, path, signal);
      return metadata && describe(key, metadata, async () => path);
    },
    async lookUp({ key, path }) {
      const metadata = await storage.lookUp(key, signal);
      let fetching: Promise<string> | undefined;
      const fetch = async () => {
        if (await storage.fetchInto(key, path, signal)) return path;
        throw new Transient("asset.vanished", "A stored asset was deleted while it was used");
      };
      const file = () => {
        fetching ??= fetch().catch((error: unknown) => {
          fetching = undefined;
          throw error;
        });
        return fetching;
      };
      return metadata && describe(key, metadata, file);
    },
    store(location, price, isVerified) {
      const metadata = {
        [costKey]: String(price.microUsd),
        ...(price.isEstimated ? { [estimatedKey]: "1" } : {}),
        ...(isVerified ? { [verifiedKey]: "1" } : {}),
      };
      const stored = retryTransient(storePolicy, graceSignal, () => put(location, metadata, graceSignal));
      storing.add(stored);
      return stored.finally(() => storing.delete(stored));
    },
    async keep(location) {
      await Promise.all(storing);
      await put(location, { [costKey]: "0" }, signal);
    },
  };
}
