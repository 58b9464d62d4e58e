/** What operators do to jobs. Each act is one batch, may be repeated, and changes no ended job. */
import { sql } from "drizzle-orm";
import type { JobStatus } from "../../contract/job.ts";
import type { OpsRedrive } from "../../contract/ops-acts.ts";
import type { Session } from "./open.ts";
import { enqueueJob } from "./transitions/change-jobs.ts";

/** The most jobs that one redrive sends again. */
const mostRedriven = 1_000;

/**
 * Creates a new job with the input of a failed, cancelled or expired job that is its dream's newest. Gives
 * the old job's state; undefined if there is no such job. `made` tells whether the new job exists.
 */
export async function retryJob(
  session: Session,
  jobId: string,
  newId: string,
  nowMs: number,
): Promise<{ status: JobStatus; dream_id: string; made: number } | undefined> {
  const { after } = await session.batch({
    enqueued: enqueueJob(
      {
        jobId: newId,
        kind: "film",
        dreamId: sql`old.dream_id`,
        ownerId: sql`old.owner_id`,
        priority: sql`old.priority`,
        input: sql`old.input`,
        traceparent: sql`old.traceparent`,
        from: sql`jobs AS old JOIN dreams ON dreams.id = old.dream_id AND dreams.video_job_id = old.id
          WHERE old.id = ${jobId} AND old.status IN ('failed', 'cancelled', 'expired')
            AND old.input ->> '$.until_told' IS NULL`,
        messageAtMs: nowMs,
      },
      nowMs,
    ),
    after: sql<{ status: JobStatus; dream_id: string; made: number }>`
      SELECT status, dream_id, EXISTS (SELECT 1 FROM jobs AS fresh WHERE fresh.id = ${newId}) AS made
      FROM jobs WHERE id = ${jobId}`,
  });
  return after[0];
}

/**
 * Makes a new message due now for waiting jobs: the named ones, or all that the filter finds. Gives their
 * number.
 */
export async function redriveJobs(
  session: Session,
  { job_ids, priority, older_than_seconds }: OpsRedrive,
  nowMs: number,
): Promise<number> {
  const before = nowMs - older_than_seconds * 1000;
  const named =
    job_ids === undefined ? sql`TRUE` : sql`id IN (SELECT value FROM json_each(${JSON.stringify(job_ids)}))`;
  const rows = await session.run(sql<{ job_id: string }>`
    INSERT INTO outbox (job_id, priority, due_at, sends)
    SELECT id, priority, ${nowMs}, 0 FROM jobs
    WHERE status = 'queued' AND is_waiting = 0 AND priority IN (${priority ?? "premium"}, ${priority ?? "standard"})
      AND MAX(created_at, COALESCE(approved_at, 0)) <= ${before} AND ${named} LIMIT ${mostRedriven}
    ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at RETURNING job_id`);
  return rows.length;
}
