import { assetExtensions, assetKey } from "../../contract/storage.ts";

/** @source R2: a call deletes at most 1,000 keys */
const keysPerCall = 1_000;

/** Deletes these assets. Which kind each is, nobody noted: deleting a key that is not there is no error. */
export async function purgeAssets(media: R2Bucket, fingerprints: readonly string[]): Promise<void> {
  const keys = fingerprints.flatMap((one) => assetExtensions.map((extension) => assetKey(one, extension)));
  for (let at = 0; at < keys.length; at += keysPerCall) await media.delete(keys.slice(at, at + keysPerCall));
}
