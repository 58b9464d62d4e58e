import { type SQL, sql } from "drizzle-orm";
import { closeCharges, spentOnJob } from "./charges.ts";
import { ownersOf, promiseDeliveries } from "./deliveries.ts";
import { dreamOf } from "./dreams.ts";
import { appendEvent, cancelledEvent } from "./events.ts";
import type { Session } from "./open.ts";
import { dropPromises } from "./outbox.ts";

/** Ends the active job of this id, of any owner. Gives the owners whose webhooks have a message about it. */
export async function cancelAnyJob(session: Session, jobId: string, nowMs: number): Promise<string[]> {
  return cancelWhere(session, sql`jobs.id = ${jobId} AND jobs.status IN ('queued', 'processing')`, nowMs);
}

/**
 * Ends the dream's active job, if the caller owns the dream and there is one. A worker hears of it at its next report.
 * Gives the owners whose webhooks have a message about it.
 */
export async function cancelActiveJob(
  session: Session,
  keyHash: string,
  clientId: string,
  nowMs: number,
): Promise<string[]> {
  const active = sql`jobs.dream_id = ${dreamOf(keyHash, clientId)} AND jobs.status IN ('queued', 'processing')`;
  return cancelWhere(session, active, nowMs);
}

async function cancelWhere(session: Session, active: SQL, nowMs: number): Promise<string[]> {
  const { deliveries } = await session.batch({
    deliveries: promiseDeliveries(cancelledEvent, nowMs, active),
    event: appendEvent(cancelledEvent, nowMs, active),
    dream: sql`
      UPDATE dreams SET video_status = 'cancelled', video_completed_at = ${nowMs}
      FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${active}`,
    messages: dropPromises(active),
    charges: closeCharges(active, nowMs),
    job: sql`UPDATE jobs SET status = 'cancelled', ended_at = ${nowMs}, lease_expires_at = NULL,
        cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}) WHERE ${active}`,
  });
  return ownersOf(deliveries);
}
