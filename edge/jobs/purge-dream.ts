import { dreamPrefix } from "../../contract/storage.ts";
import type { Session } from "../store/open.ts";
import { readOrphansOf } from "../store/purges.ts";
import { purgeAssets } from "./purge-assets.ts";
import { purgeFiles } from "./purge-files.ts";

/** Deletes what was made and bought for a dream that is deleted. A worker may still be writing: the sweep does it again. */
export async function purgeDream(media: R2Bucket, session: Session, dreamId: string): Promise<void> {
  await purgeFiles(media, dreamPrefix(dreamId));
  await purgeAssets(media, await readOrphansOf(session, dreamId));
}
