/** Finds and removes expired data, by an index and in bounded steps. */
import { sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import { isEndEvent } from "./events.ts";
import type { Session } from "./open.ts";

export interface OldJob {
  id: string;
  dream_id: string;
  ended_at: number;
}

/** Finished films that ended before `beforeMs` and still exist. */
export async function findOldFilms(session: Session, beforeMs: number, limit: number): Promise<OldJob[]> {
  return session.run(sql<OldJob>`
    SELECT id, dream_id, ended_at FROM jobs
    WHERE status = 'completed' AND files IS NOT NULL AND ended_at <= ${beforeMs}
    ORDER BY ended_at, id LIMIT ${limit}`);
}

/**
 * Removes the films from their dreams, and adds purge rows for their files: after a crash the purge rows
 * remain. What became of each take stays, in the input of its job.
 */
export async function dropFilms(session: Session, films: readonly OldJob[], nowMs: number): Promise<void> {
  const ids = JSON.stringify(films.map(({ id }) => id));
  await session.batch({
    purges: sql`
      INSERT INTO purges (job_id, dream_id, due_at)
      SELECT id, dream_id, ${nowMs} FROM jobs WHERE id IN (SELECT value FROM json_each(${ids}))
      ON CONFLICT (job_id) DO UPDATE SET keep_attempt = NULL, due_at = excluded.due_at, tries = 0`,
    dreams: sql`
      UPDATE dreams SET video_url = NULL WHERE video_job_id IN (SELECT value FROM json_each(${ids}))
        AND id IN (SELECT dream_id FROM jobs WHERE id IN (SELECT value FROM json_each(${ids})))`,
    jobs: sql`
      UPDATE jobs SET files = NULL,
        input = IIF(kind = 'takes', json_set(input, '$.bought', json(files)), input)
      WHERE files IS NOT NULL AND id IN (SELECT value FROM json_each(${ids}))`,
  });
}

/** Jobs that ended before `beforeMs`, from the place where the last run stopped. */
export async function findOldLogs(session: Session, beforeMs: number, limit: number): Promise<OldJob[]> {
  const [endedAt = "0", id = ""] = (await readMark(session, "logs")).split(" ");
  return session.run(sql<OldJob>`
    SELECT id, dream_id, ended_at FROM jobs
    WHERE ended_at IS NOT NULL AND (ended_at, id) > (${Number(endedAt)}, ${id}) AND ended_at <= ${beforeMs}
    ORDER BY ended_at, id LIMIT ${limit}`);
}

/** Deletes the logs of these jobs except the storyboard, which a redo needs, and the last event. */
export async function dropLogs(session: Session, jobs: readonly OldJob[]): Promise<void> {
  const last = jobs.at(-1);
  if (last === undefined) return;
  const ids = JSON.stringify(jobs.map(({ id }) => id));
  await session.batch({
    events: sql`
      DELETE FROM events WHERE job_id IN (SELECT value FROM json_each(${ids}))
        AND type <> 'job.storyboard' AND NOT ${isEndEvent(sql`type`)}`,
    mark: writeMark("logs", `${last.ended_at} ${last.id}`),
  });
}

/** The number of rows that the sweep would remove, by kind; counted up to a thousand each. */
export async function countExpired(session: Session, nowMs: number) {
  const [row] = await session.run(sql<{
    attempt_files: number;
    nonces: number;
    idempotency_keys: number;
    deliveries: number;
  }>`
    SELECT
      (SELECT COUNT(*) FROM (SELECT 1 FROM purges WHERE due_at <= ${nowMs} LIMIT 1000)) AS attempt_files,
      (SELECT COUNT(*) FROM (SELECT 1 FROM nonces WHERE expires_at <= ${nowMs} LIMIT 1000)) AS nonces,
      (SELECT COUNT(*) FROM (SELECT 1 FROM idempotency_keys WHERE expires_at <= ${nowMs} LIMIT 1000))
        AS idempotency_keys,
      (SELECT COUNT(*) FROM (SELECT 1 FROM deliveries
        WHERE created_at <= ${nowMs - limits.deliveryKeepSeconds * 1000} LIMIT 1000)) AS deliveries`);
  return row ?? { attempt_files: 0, nonces: 0, idempotency_keys: 0, deliveries: 0 };
}

/** The place that a clean-up has reached; "" at its beginning. */
export async function readMark(session: Session, name: string): Promise<string> {
  const [row] = await session.run(sql<{ place: string }>`SELECT place FROM marks WHERE name = ${name}`);
  return row?.place ?? "";
}

/** Stores the place that a clean-up has reached. */
export async function setMark(session: Session, name: string, place: string): Promise<void> {
  await session.run(writeMark(name, place));
}

/** The statement of `setMark`, for a caller's batch. */
export const writeMark = (name: string, place: string) => sql`
  INSERT INTO marks (name, place) VALUES (${name}, ${place})
  ON CONFLICT (name) DO UPDATE SET place = excluded.place`;
