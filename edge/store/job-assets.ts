/**
 * Which assets a job uses, bought or found. Assets are shared between an owner's dreams; this is what tells which of them
 * go with a dream that is deleted.
 */
import { type SQL, sql } from "drizzle-orm";
import { isOurs, type Nonce } from "./nonces.ts";
import type { Session } from "./open.ts";

/**
 * Notes that the job uses these. Also where it has been deleted meanwhile, or its attempt has lost it: what a worker
 * stores before it hears of that must be found as well.
 */
export const noteAssets = (jobId: string, fingerprints: readonly string[], nonce: Nonce) =>
  fingerprints.length === 0
    ? null
    : sql`
      INSERT INTO job_assets (job_id, fingerprint)
      SELECT ${jobId}, value FROM json_each(${JSON.stringify(fingerprints)}) WHERE ${isOurs(nonce)}
      ON CONFLICT DO NOTHING`;

/** The assets of deleted jobs (a list in SQL) that no job uses which is still there. */
export async function readOrphans(session: Session, jobs: SQL): Promise<string[]> {
  const rows = await session.run(sql<{ fingerprint: string }>`
    SELECT mine.fingerprint AS fingerprint FROM job_assets AS mine
    WHERE mine.job_id IN ${jobs}
      AND NOT EXISTS (SELECT 1 FROM job_assets AS other JOIN jobs ON jobs.id = other.job_id
        WHERE other.fingerprint = mine.fingerprint)`);
  return [...new Set(rows.map(({ fingerprint }) => fingerprint))];
}
