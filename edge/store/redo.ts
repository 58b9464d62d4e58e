import { sql } from "drizzle-orm";
import { activeFilm, dreamOf } from "./dreams.ts";
import { forgetIfExpired, type IdempotencyClaim, type KeptAnswer, readKeptAnswer } from "./idempotency.ts";
import type { Session } from "./open.ts";

/** The state before a redo. */
export interface BeforeRedo {
  /** Null: the key is unknown. */
  caller: { ownerId: string } | null;
  /** Null: the caller has no dream of this id. */
  dream: { newestJobId: string | null; activeJobId: string | null } | null;
  /**
   * The job of the newest finished film, or else the newest failed job that has a storyboard. `input` and
   * `storyboard` are JSON; the latter as the worker used it.
   */
  film: { jobId: string; input: string; storyboard: string | null } | null;
  kept: KeptAnswer | null;
}

/** Reads what a redo of the caller's dream would change. */
export async function readBeforeRedo(
  session: Session,
  keyHash: string,
  clientId: string,
  idempotency: IdempotencyClaim | null,
  nowMs: number,
): Promise<BeforeRedo> {
  const { stands, film, kept } = await session.batch({
    expired: idempotency && forgetIfExpired(idempotency, keyHash, nowMs),
    stands: sql<{ owner: string; dream: string | null; newest: string | null; active: string | null }>`
      SELECT api_keys.owner_id AS owner, dreams.id AS dream, dreams.video_job_id AS newest,
        ${activeFilm} AS active
      FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    film: sql<NonNullable<BeforeRedo["film"]>>`
      SELECT id AS jobId, input,
        (SELECT data FROM events WHERE job_id = jobs.id AND type = 'job.storyboard' ORDER BY seq DESC LIMIT 1)
          AS storyboard
      FROM jobs
      WHERE dream_id = ${dreamOf(keyHash, clientId)} AND kind = 'film'
        AND (status = 'completed' OR (status = 'failed' AND (input ->> '$.storyboard' IS NOT NULL
          OR EXISTS (SELECT 1 FROM events WHERE job_id = jobs.id AND type = 'job.storyboard'))))
      ORDER BY status = 'completed' DESC, created_at DESC LIMIT 1`,
    kept: idempotency && readKeptAnswer(idempotency, keyHash),
  });
  const [row] = stands;
  return {
    caller: row ? { ownerId: row.owner } : null,
    dream: row?.dream ? { newestJobId: row.newest, activeJobId: row.active } : null,
    film: film[0] ?? null,
    kept: kept[0] ?? null,
  };
}
