/** What a purchase needs, and whether the file that it gives can be used. */
import { writeFile } from "node:fs/promises";
import { Poison } from "../errors.ts";
import type { Found } from "./asset-files.ts";
import type { Examination, PurchaseRequest } from "./buy-asset.ts";

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
  /** Called when R2 does not have the asset, before the ledger is asked. */
  onMissing?(): void;
  /**
   * Obtains what the call needs, such as other assets. It is awaited before the call waits for its slot, and
   * again before a repetition.
   *
   * @throws what ends the purchase
   */
  prepare?(): Promise<void>;
  check?: Check;
  /**
   * True if the file may not be needed: one that is found, and was decoded before it was stored, is then
   * neither read nor checked until it is asked for. Absent: it is read at once.
   */
  isReadLater?(): Promise<boolean>;
}

/**
 * Decodes the file, bought or found, and returns its price if that depends on the decoded length.
 * `isVerified`: it was decoded before it was stored.
 *
 * @throws Poison if the file cannot be used: it is bought again, within bounds
 */
export type Check = (path: string, isVerified: boolean) => Promise<{ costMicroUsd: number } | undefined>;

/** Null if the asset was found and cannot be used. */
export async function usable(
  found: Found | null,
  path: string,
  { check }: PurchaseSpec,
): Promise<Found | null> {
  try {
    if (found) await check?.(path, found.isVerified);
    return found;
  } catch (error) {
    if (error instanceof Poison) return null;
    throw error;
  }
}

/** Writes the bought bytes to `path` and checks them. Rejects only if the disk is full. */
export async function examine(
  path: string,
  bytes: Uint8Array,
  { check }: PurchaseSpec,
): Promise<Examination> {
  await writeFile(path, bytes);
  try {
    return { costMicroUsd: (await check?.(path, false))?.costMicroUsd ?? null };
  } catch (error) {
    if (error instanceof Poison) return { costMicroUsd: null, unusable: error };
    return { costMicroUsd: null, failure: error instanceof Error ? error : new Error(String(error)) };
  }
}
