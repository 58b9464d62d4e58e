import { type SQL, sql } from "drizzle-orm";
import { activeFilm, dreamOf } from "./dreams.ts";
import { forgetIfExpired, type IdempotencyClaim, type KeptAnswer, readKeptAnswer } from "./idempotency.ts";
import type { Session } from "./open.ts";
import { placeholdersOfJob } from "./placeholders.ts";
import { countMade, selectTakes, type TakesRow } from "./takes.ts";

/** The state before a redo. */
export interface BeforeRedo {
  /** Null: the key is unknown. */
  caller: { ownerId: string } | null;
  /** Null: the caller has no dream of this id. */
  dream: { id: string; newestJobId: string | null; activeJobId: string | null } | null;
  /**
   * The job of the newest finished film, or else the newest failed job that has a storyboard. `input` and
   * `storyboard` are JSON; the latter as the worker used it. `placeholders`: JSON of the scenes that
   * were painted without AI. `obtained`: JSON of the pictures and voices that the job had, as types of
   * events and scenes (`scene.picture 0`).
   */
  film: {
    jobId: string;
    input: string;
    storyboard: string | null;
    isCompleted: number;
    placeholders: string;
    obtained: string;
  } | null;
  /** What films and takes of the dream say of the scene, newest first. */
  takes: TakesRow[];
  /** `countMade` of the dream. */
  made: number;
  kept: KeptAnswer | null;
}

/** SQL value over `jobs`. What was obtained before its owner edited the storyboard may be of other words. */
const obtained = sql`(SELECT json_group_array(type || ' ' || (data ->> '$.scene')) FROM events
  WHERE events.job_id = jobs.id AND events.type IN ('scene.picture', 'scene.voice')
    AND events.attempt >= IIF(jobs.revision > 1, jobs.attempt, 0))`;

/** Reads what a redo of this scene of the caller's dream would change. */
export async function readBeforeRedo(
  session: Session,
  keyHash: string,
  clientId: string,
  scene: number,
  idempotency: IdempotencyClaim | null,
  nowMs: number,
): Promise<BeforeRedo> {
  const newest = (when: SQL) => sql`(SELECT film.id FROM jobs AS film
    WHERE film.dream_id = ${dreamOf(keyHash, clientId)} AND film.kind = 'film' AND ${when}
    ORDER BY film.created_at DESC LIMIT 1)`;
  const { stands, film, takes, kept } = await session.batch({
    expired: idempotency && forgetIfExpired(idempotency, keyHash, nowMs),
    stands: sql<{
      owner: string;
      dream: string | null;
      newest: string | null;
      active: string | null;
      made: number | null;
    }>`
      SELECT api_keys.owner_id AS owner, dreams.id AS dream, dreams.video_job_id AS newest,
        ${activeFilm} AS active, ${countMade} AS made
      FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    film: sql<NonNullable<BeforeRedo["film"]>>`
      SELECT id AS jobId, input, status = 'completed' AS isCompleted,
        ${placeholdersOfJob} AS placeholders, ${obtained} AS obtained,
        (SELECT data FROM events WHERE job_id = jobs.id AND type = 'job.storyboard' ORDER BY seq DESC LIMIT 1)
          AS storyboard
      FROM jobs WHERE jobs.id = COALESCE(${newest(sql`film.status = 'completed'`)},
        ${newest(sql`film.status = 'failed' AND (film.input ->> '$.storyboard' IS NOT NULL
          OR EXISTS (SELECT 1 FROM events WHERE job_id = film.id AND type = 'job.storyboard'))`)})`,
    takes: selectTakes(dreamOf(keyHash, clientId), scene),
    kept: idempotency && readKeptAnswer(idempotency, keyHash),
  });
  const [row] = stands;
  return {
    caller: row ? { ownerId: row.owner } : null,
    dream: row?.dream ? { id: row.dream, newestJobId: row.newest, activeJobId: row.active } : null,
    film: film[0] ?? null,
    takes,
    made: row?.made ?? 0,
    kept: kept[0] ?? null,
  };
}
