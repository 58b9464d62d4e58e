import { sql } from "drizzle-orm";
import { dreamOf } from "../dreams.ts";
import type { Session } from "../open.ts";

/**
 * The seconds of the dream's recordings: as decoded, and as the client measured those that are still being
 * transcribed. 0 if the caller has no such dream.
 */
export async function readRecordedSeconds(
  session: Session,
  keyHash: string,
  clientId: string,
): Promise<number> {
  const [row] = await session.run(sql<{ seconds: number | null }>`
    SELECT SUM(segments.seconds) AS seconds FROM segments JOIN jobs ON jobs.id = segments.job_id
    WHERE segments.dream_id = ${dreamOf(keyHash, clientId)} AND segments.is_deleted = 0
      AND jobs.status IN ('queued', 'processing', 'completed')`);
  return row?.seconds ?? 0;
}
