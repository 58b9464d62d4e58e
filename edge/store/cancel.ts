import { sql } from "drizzle-orm";
import { appendEvent } from "./events.ts";
import type { Session } from "./open.ts";
import { dropPromises } from "./outbox.ts";

/** Ends the dream's active job, if the caller owns the dream and there is one. A worker at it hears of it at its next report. */
export async function cancelActiveJob(
  session: Session,
  keyHash: string,
  dreamId: string,
  nowMs: number,
): Promise<void> {
  const active = sql`jobs.dream_id = ${dreamId} AND jobs.status IN ('queued', 'processing')
    AND jobs.owner_id = (SELECT owner_id FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL)`;
  await session.batch([
    appendEvent(
      { type: "job.cancelled", data: sql`json_object()`, attempt: sql`jobs.attempt`, n: null },
      nowMs,
      active,
    ),
    sql`
      UPDATE dreams SET video_status = 'cancelled', video_completed_at = ${nowMs}
      FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${active}`,
    dropPromises(active),
    sql`UPDATE jobs SET status = 'cancelled', ended_at = ${nowMs}, lease_expires_at = NULL WHERE ${active}`,
  ]);
}
