import { type SQL, sql } from "drizzle-orm";
import { closeCharges, spentOnJob } from "./charges.ts";
import { promiseDeliveries } from "./deliveries.ts";
import { dreamOf } from "./dreams.ts";
import { appendEvent, type NewEvent } from "./events.ts";
import type { Session } from "./open.ts";
import { dropPromises } from "./outbox.ts";

/** Ends the active job of this id, whoever owns it. Says how many messages to webhooks are due. */
export async function cancelAnyJob(session: Session, jobId: string, nowMs: number): Promise<number> {
  return cancelWhere(session, sql`jobs.id = ${jobId} AND jobs.status IN ('queued', 'processing')`, nowMs);
}

/** Ends the dream's active job, if the caller owns the dream and there is one. A worker at it hears of it at its next report. Says how many messages to webhooks are due. */
export async function cancelActiveJob(
  session: Session,
  keyHash: string,
  clientId: string,
  nowMs: number,
): Promise<number> {
  const active = sql`jobs.dream_id = ${dreamOf(keyHash, clientId)} AND jobs.status IN ('queued', 'processing')`;
  return cancelWhere(session, active, nowMs);
}

async function cancelWhere(session: Session, active: SQL, nowMs: number): Promise<number> {
  const event: NewEvent = {
    type: "job.cancelled",
    data: sql`json_object()`,
    attempt: sql`jobs.attempt`,
    n: null,
  };
  const [messages] = await session.batch([
    promiseDeliveries(event, nowMs, active),
    appendEvent(event, nowMs, active),
    sql`
      UPDATE dreams SET video_status = 'cancelled', video_completed_at = ${nowMs}
      FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${active}`,
    dropPromises(active),
    closeCharges(active, nowMs),
    sql`UPDATE jobs SET status = 'cancelled', ended_at = ${nowMs}, lease_expires_at = NULL,
        cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}) WHERE ${active}`,
  ]);
  return messages.length;
}
