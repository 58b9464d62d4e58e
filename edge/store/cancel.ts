import { type SQL, sql } from "drizzle-orm";
import { ownersOf } from "./deliveries.ts";
import { dreamOf } from "./dreams.ts";
import type { Session } from "./open.ts";
import { endJobs } from "./transitions/end-job.ts";

/** Ends the active job of this id, of any owner. Gives the owners whose webhooks have a message about it. */
export async function cancelAnyJob(session: Session, jobId: string, nowMs: number): Promise<string[]> {
  return cancelWhere(session, sql`jobs.id = ${jobId} AND jobs.status IN ('queued', 'processing')`, nowMs);
}

/**
 * Ends the dream's active job, if the caller owns the dream and there is one. The worker learns it from the
 * answer to its next report. Gives the owners whose webhooks have a message about it.
 */
export async function cancelActiveJob(
  session: Session,
  keyHash: string,
  clientId: string,
  nowMs: number,
): Promise<string[]> {
  const active = sql`jobs.dream_id = ${dreamOf(keyHash, clientId)} AND jobs.kind = 'film'
    AND jobs.status IN ('queued', 'processing')`;
  return cancelWhere(session, active, nowMs);
}

async function cancelWhere(session: Session, active: SQL, nowMs: number): Promise<string[]> {
  const ended = await session.batch(endJobs(active, { status: "cancelled" }, nowMs));
  return ownersOf(ended.deliveries);
}
