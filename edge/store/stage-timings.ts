import { type SQL, sql } from "drizzle-orm";
import { z } from "zod";
import type { FilmMetadata } from "../../contract/film-metadata.ts";
import type { StageTimings } from "../forecast/estimate.ts";
import { activeStates } from "./active.ts";

/** The number of newest films that an estimate uses. Not bound: see `mostCounted` in turns.ts. */
const newest = sql.raw("30");
const keepMs = 30 * 24 * 3600_000;

/** Where a worker's time went, in seconds. */
const Timings = z.object({
  storyboard: z.number().min(0),
  scenes: z.number().min(0),
  film: z.number().min(0),
  publish: z.number().min(0),
});

/**
 * Stores how long the job that `where` finds took; null if its worker did not measure it. A film that waited
 * for its owner does not count: its last attempt wrote no storyboard, and may have bought no picture.
 */
export function keepTimings(metadata: FilmMetadata | null, nowMs: number, where: SQL): SQL | null {
  const timings = Timings.safeParse(metadata?.timings);
  if (metadata === null || metadata.scenes === 0 || !timings.success) return null;
  const { storyboard, scenes, film, publish } = timings.data;
  return sql`
    INSERT INTO paces (job_id, is_redo, scenes, scenes_seconds, other_seconds, at)
    SELECT jobs.id, jobs.input ->> '$.redo_of' IS NOT NULL, ${metadata.scenes}, ${scenes},
      ${storyboard + film + publish}, ${nowMs}
    FROM jobs WHERE ${where} AND jobs.approved_at IS NULL
    ON CONFLICT DO NOTHING`;
}

/** SQL value: JSON of the newest timings of jobs like the current one of `jobs`; NULL once it has ended. */
export const timingsOfItsKind = sql<string | null>`IIF(jobs.status IN ${activeStates}, (
  SELECT json_group_array(json_object('scenes', scenes, 'scenesSeconds', scenes_seconds, 'otherSeconds', other_seconds))
  FROM (
    SELECT scenes, scenes_seconds, other_seconds FROM paces
    WHERE is_redo = (jobs.input ->> '$.redo_of' IS NOT NULL) ORDER BY at DESC LIMIT ${newest}
  )
), NULL)`;

/** The timings that `timingsOfItsKind` wrote. */
export const readTimings = (json: string | null): StageTimings[] => (json === null ? [] : JSON.parse(json));

/** Deletes at most `limit` expired timings. */
export const pruneTimings = (nowMs: number, limit: number) => sql`
  DELETE FROM paces WHERE job_id IN (SELECT job_id FROM paces WHERE at <= ${nowMs - keepMs} LIMIT ${limit})`;
