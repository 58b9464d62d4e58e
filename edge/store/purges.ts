import { type SQL, sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import { photoFolder } from "../../contract/storage.ts";
import { isOurs, type Nonce } from "./nonces.ts";
import type { Session } from "./open.ts";

export interface Purge {
  job_id: string;
  dream_id: string;
  /** The attempt whose files stay; null: none. */
  keep_attempt: number | null;
}

/** How long after a job's end a worker that does not know of it may still write files: well over a lease. */
const lateWriteMs = 15 * 60_000;

/**
 * Adds purge rows for the files of every job that `where` (over `jobs`) finds, due once no worker can write
 * more.
 *
 * @param keepAttempt SQL value: the attempt whose files stay; null: none
 */
export const notePurges = (where: SQL, keepAttempt: SQL | null, nowMs: number) => sql`
  INSERT INTO purges (job_id, dream_id, due_at, keep_attempt)
  SELECT jobs.id, jobs.dream_id, ${nowMs + lateWriteMs}, ${keepAttempt} FROM jobs WHERE ${where}
  ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at, keep_attempt = excluded.keep_attempt, tries = 0`;

/**
 * The same for the uploaded files of every segment that `where` (over `segments`) finds. An upload address is
 * valid for as long as this waits, so that a file which arrives late goes too.
 */
export const noteUploadPurges = (where: SQL, nowMs: number) => sql`
  INSERT INTO purges (job_id, dream_id, due_at)
  SELECT segments.id, segments.dream_id, ${nowMs + limits.uploadSeconds * 1000 + lateWriteMs} FROM segments
  WHERE ${where}
  ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at, tries = 0`;

/** The same, at once, for the photo of every member of a cast that `where` (over `cast_members`) finds. */
export const notePhotoPurges = (where: SQL, nowMs: number) => sql`
  INSERT INTO purges (job_id, dream_id, due_at)
  SELECT photo_id, ${photoFolder}, ${nowMs} FROM cast_members WHERE ${where} AND photo_id IS NOT NULL
  ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at, tries = 0`;

/** The pause before a failed purge is tried again; doubles with each try. Milliseconds. */
const firstRetryMs = 60_000;
const lastRetryMs = 6 * 3600_000;

/**
 * Reserves at most `limit` due purges. Each is due again later, so one that fails or is cut off comes back
 * with a delay and does not block others. `forgetPurges` ends those that succeed.
 */
export async function takeDuePurges(session: Session, nowMs: number, limit: number): Promise<Purge[]> {
  return session.run(sql<Purge>`
    UPDATE purges SET tries = tries + 1,
      due_at = ${nowMs} + MIN(${firstRetryMs} << MIN(tries, 16), ${lastRetryMs})
    WHERE job_id IN (SELECT job_id FROM purges WHERE due_at <= ${nowMs} ORDER BY due_at LIMIT ${limit})
    RETURNING job_id, dream_id, keep_attempt`);
}

/** The assets that were bought for a deleted dream and that no other dream uses. */
export const readOrphansOf = (session: Session, dreamId: string) =>
  readOrphans(session, sql`(SELECT job_id FROM purges WHERE dream_id = ${dreamId})`);

/** The same for the deleted jobs among these. */
export const readOrphansOfJobs = (session: Session, purges: readonly Purge[]) =>
  readOrphans(session, sql`(SELECT value FROM json_each(${namesOf(purges)}))`);

const namesOf = (purges: readonly Purge[]) => JSON.stringify(purges.map(({ job_id }) => job_id));

/** Deletes purges whose files are removed; not one that was added again meanwhile (its `tries` is 0). */
export async function forgetPurges(session: Session, purges: readonly Purge[]): Promise<void> {
  const jobIds = namesOf(purges);
  await session.batch({
    purges: sql`DELETE FROM purges WHERE job_id IN (SELECT value FROM json_each(${jobIds})) AND tries > 0`,
    assets: sql`
      DELETE FROM job_assets WHERE job_id IN (SELECT value FROM json_each(${jobIds}))
        AND NOT EXISTS (SELECT 1 FROM purges WHERE purges.job_id = job_assets.job_id)
        AND NOT EXISTS (SELECT 1 FROM jobs WHERE jobs.id = job_assets.job_id)`,
  });
}

/**
 * Stores that the job uses these assets, bought or found: assets are shared between an owner's dreams, and
 * these rows tell which go with a deleted dream. It also stores them if the job is deleted or the attempt has
 * lost it, because the worker may already have stored the assets.
 */
export const noteAssets = (jobId: string, fingerprints: readonly string[], nonce: Nonce) =>
  fingerprints.length === 0
    ? null
    : sql`
      INSERT INTO job_assets (job_id, fingerprint)
      SELECT ${jobId}, value FROM json_each(${JSON.stringify(fingerprints)}) WHERE ${isOurs(nonce)}
      ON CONFLICT DO NOTHING`;

/** The assets of deleted jobs (a list in SQL) that no existing job uses. */
export async function readOrphans(session: Session, jobs: SQL): Promise<string[]> {
  const rows = await session.run(sql<{ fingerprint: string }>`
    SELECT mine.fingerprint AS fingerprint FROM job_assets AS mine
    WHERE mine.job_id IN ${jobs}
      AND NOT EXISTS (SELECT 1 FROM job_assets AS other JOIN jobs ON jobs.id = other.job_id
        WHERE other.fingerprint = mine.fingerprint)`);
  return [...new Set(rows.map(({ fingerprint }) => fingerprint))];
}
