import { sql } from "drizzle-orm";
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

/** Forgets jobs whose files are gone for good. */
export async function forgetPurges(session: Session, purges: readonly Purge[]): Promise<void> {
  const jobIds = JSON.stringify(purges.map((purge) => purge.job_id));
  await session.batch([sql`DELETE FROM purges WHERE job_id IN (SELECT value FROM json_each(${jobIds}))`]);
}
