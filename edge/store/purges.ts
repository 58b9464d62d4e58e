import { sql } from "drizzle-orm";
import { readOrphans } from "./job-assets.ts";
import type { Session } from "./open.ts";

export interface Purge {
  job_id: string;
  dream_id: string;
  /** Whose files stay. Null: none. */
  keep_attempt: number | null;
}

/** Jobs whose files are due to go; at most `limit`. */
export async function readDuePurges(session: Session, nowMs: number, limit: number): Promise<Purge[]> {
  const [rows] = await session.batch([
    sql<Purge>`
      SELECT job_id, dream_id, keep_attempt FROM purges WHERE due_at <= ${nowMs} ORDER BY due_at LIMIT ${limit}`,
  ]);
  return rows;
}

/** What was bought for a deleted dream and is used by no other. */
export const readOrphansOf = (session: Session, dreamId: string) =>
  readOrphans(session, sql`(SELECT job_id FROM purges WHERE dream_id = ${dreamId})`);

/** The same for those of these jobs that are deleted. */
export const readOrphansOfJobs = (session: Session, purges: readonly Purge[]) =>
  readOrphans(session, sql`(SELECT value FROM json_each(${namesOf(purges)}))`);

const namesOf = (purges: readonly Purge[]) => JSON.stringify(purges.map(({ job_id }) => job_id));

/** Forgets jobs whose files are gone for good. */
export async function forgetPurges(session: Session, purges: readonly Purge[]): Promise<void> {
  const jobIds = namesOf(purges);
  await session.batch([
    sql`DELETE FROM purges WHERE job_id IN (SELECT value FROM json_each(${jobIds}))`,
    sql`
      DELETE FROM job_assets WHERE job_id IN (SELECT value FROM json_each(${jobIds}))
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = job_assets.job_id)`,
  ]);
}
