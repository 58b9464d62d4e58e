/** Deletes from R2 what belongs to deleted dreams and jobs. */
import { assetExtensions, assetKey, dreamPrefix, quarantinePrefix } from "../../contract/storage.ts";
import type { Session } from "../store/open.ts";
import { readOrphansOf } from "../store/purges.ts";

/**
 * Deletes the files and assets of a deleted dream. A worker may still be writing, so the clean-up repeats it
 * later.
 */
export async function purgeDream(media: R2Bucket, session: Session, dreamId: string): Promise<void> {
  await purgeFiles(media, quarantinePrefix(dreamId));
  await purgeFiles(media, dreamPrefix(dreamId));
  await purgeAssets(media, await readOrphansOf(session, dreamId));
}

/** @source R2: a call deletes at most 1,000 keys */
const keysPerCall = 1_000;

/** Deletes these assets under every extension: the extension is not stored, and R2 ignores a missing key. */
export async function purgeAssets(media: R2Bucket, fingerprints: readonly string[]): Promise<void> {
  const keys = fingerprints.flatMap((one) => assetExtensions.map((extension) => assetKey(one, extension)));
  for (let at = 0; at < keys.length; at += keysPerCall) await media.delete(keys.slice(at, at + keysPerCall));
}

/**
 * Deletes every file whose key begins with `prefix`, except those that begin with `keep`. May be repeated.
 *
 * @source R2: a call lists or deletes at most 1,000 keys
 */
export async function purgeFiles(media: R2Bucket, prefix: string, keep: string | null = null): Promise<void> {
  let cursor: string | undefined;
  do {
    const page: R2Objects = await media.list({ prefix, ...(cursor ? { cursor } : {}) });
    const keys = page.objects.map(({ key }) => key).filter((key) => keep === null || !key.startsWith(keep));
    if (keys.length > 0) await media.delete(keys);
    cursor = page.truncated ? page.cursor : undefined;
  } while (cursor !== undefined);
}
