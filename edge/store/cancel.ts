import { type SQL, sql } from "drizzle-orm";
import type { JobStatus } from "../../contract/job.ts";
import { activeStates } from "./active.ts";
import { ownersOf } from "./deliveries.ts";
import { dreamOf } from "./dreams.ts";
import { isCaller } from "./keys.ts";
import type { Session } from "./open.ts";
import { workersOf } from "./transitions/change-jobs.ts";
import { type Cancelled, endJobs } from "./transitions/end-job.ts";

/** Ends the active job of this id, of any owner. */
export async function cancelAnyJob(session: Session, jobId: string, nowMs: number): Promise<Cancelled> {
  return cancelWhere(session, sql`jobs.id = ${jobId} AND jobs.status IN ${activeStates}`, nowMs);
}

/**
 * Ends the dream's active job, if the caller owns the dream and there is one.
 */
export async function cancelActiveJob(
  session: Session,
  keyHash: string,
  clientId: string,
  nowMs: number,
): Promise<Cancelled> {
  const active = sql`jobs.dream_id = ${dreamOf(keyHash, clientId)} AND jobs.kind = 'film'
    AND jobs.status IN ${activeStates}`;
  return cancelWhere(session, active, nowMs);
}

/**
 * Ends the dream's active job that buys takes, if the caller owns the dream. Gives the newest such job
 * afterwards; `dream` null: the caller has no such dream. Undefined: the key is unknown.
 */
export async function cancelTakes(
  session: Session,
  keyHash: string,
  clientId: string,
  nowMs: number,
): Promise<
  { dream: string | null; job: string | null; status: JobStatus | null; workers: string[] } | undefined
> {
  const dream = dreamOf(keyHash, clientId);
  const active = sql`jobs.dream_id = ${dream} AND jobs.kind = 'takes' AND jobs.status IN ('queued', 'processing')`;
  const newest = sql`(SELECT id FROM jobs WHERE jobs.dream_id = ${dream} AND jobs.kind = 'takes'
    ORDER BY jobs.created_at DESC LIMIT 1)`;
  const { end, after } = await session.batch({
    end: endJobs(active, { status: "cancelled" }, nowMs),
    after: sql<{ dream: string | null; job: string | null; status: JobStatus | null }>`
      SELECT ${dream} AS dream, ${newest} AS job, (SELECT status FROM jobs WHERE id = ${newest}) AS status
      FROM api_keys WHERE ${isCaller(keyHash)}`,
  });
  return after[0] && { ...after[0], workers: workersOf(end.jobs) };
}

async function cancelWhere(session: Session, active: SQL, nowMs: number): Promise<Cancelled> {
  const ended = await session.batch(endJobs(active, { status: "cancelled" }, nowMs));
  return { owners: ownersOf(ended.deliveries), workers: workersOf(ended.jobs) };
}
