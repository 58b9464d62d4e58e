/**
 * Whether a dream's live channel has listeners. The channel notes it when it reads D1 for them. A report of
 * the dream's job reads it: without listeners it neither calls the channel nor reports each change. The calls
 * that begin and end a job read it as well: the first call of a channel creates a Durable Object.
 */

import type { SQL } from "drizzle-orm";
import { sql } from "drizzle-orm";
import { watchedUntil } from "./attempt.ts";
import { isWaiting } from "./holds.ts";
import type { Session } from "./open.ts";
import { type OwnedDream, ownedDream } from "./status.ts";

/** Longer than the longest pause between two reads of a channel with listeners. Milliseconds. */
const noteMs = 180_000;

/**
 * Notes that the dream has listeners. Writes once in `noteMs` / 2 at most, and then gives the worker of the
 * dream's film, which may not know of them.
 */
export const noteWatched = (dream: OwnedDream, nowMs: number) => sql<{ worker_id: string | null }>`
  UPDATE dreams SET watched_until = ${nowMs + noteMs}
  WHERE id = ${ownedDream(dream)} AND COALESCE(watched_until, 0) < ${nowMs + noteMs / 2}
  RETURNING (SELECT worker_id FROM jobs WHERE jobs.id = dreams.video_job_id AND jobs.status = 'processing')
    AS worker_id`;

/** SQL value over `jobs`: 1 if the job's dream has listeners. */
export const isWatched = (nowMs: number): SQL<number> => sql`${watchedUntil} > ${nowMs}`;

/** The dreams, at most `limit`, that have listeners and a waiting job. */
export async function readWatchedDreams(session: Session, limit: number, nowMs: number): Promise<string[]> {
  const rows = await session.run(sql<{ dream_id: string }>`
    SELECT DISTINCT dream_id FROM jobs WHERE ${isWaiting} AND ${isWatched(nowMs)} LIMIT ${limit}`);
  return rows.map(({ dream_id }) => dream_id);
}
