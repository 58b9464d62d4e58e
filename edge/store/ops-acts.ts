/** What operators do to jobs. Each is one batch, may be repeated, and changes no job that has ended. */
import { sql } from "drizzle-orm";
import type { JobStatus } from "../../contract/job.ts";
import type { OpsRedrive } from "../../contract/ops.ts";
import { appendEvent } from "./events.ts";
import type { Session } from "./open.ts";
import { promiseMessages } from "./outbox.ts";
import { nextTurnOf } from "./turns.ts";

/** Jobs that one re-drive sends anew at most. */
const mostRedriven = 1_000;

/**
 * Makes a new job like one that failed or was cancelled, if it is its dream's newest. Says what the old one's state is;
 * undefined: no such job. The new one is there if `made`.
 */
export async function retryJob(
  session: Session,
  jobId: string,
  newId: string,
  nowMs: number,
): Promise<{ status: JobStatus; dream_id: string; made: number } | undefined> {
  const isNew = sql`jobs.id = ${newId} AND jobs.status = 'queued'`;
  const { after } = await session.batch({
    job: sql`
      INSERT INTO jobs (id, dream_id, owner_id, status, priority, input, turn, traceparent, created_at)
      SELECT ${newId}, old.dream_id, old.owner_id, 'queued', old.priority, old.input, ${nextTurnOf("old")},
        old.traceparent, ${nowMs}
      FROM jobs AS old JOIN dreams ON dreams.id = old.dream_id AND dreams.video_job_id = old.id
      WHERE old.id = ${jobId} AND old.status IN ('failed', 'cancelled')
      ON CONFLICT DO NOTHING`,
    dream: sql`
      UPDATE dreams SET video_job_id = ${newId}, video_status = 'queued', video_url = NULL,
        video_metadata = NULL, video_started_at = NULL, video_completed_at = NULL
      WHERE id = (SELECT dream_id FROM jobs WHERE ${isNew})`,
    event: appendEvent(
      { type: "job.queued", data: sql`json_object('priority', jobs.priority)`, attempt: sql`0`, n: 0 },
      nowMs,
      sql`${isNew} AND NOT EXISTS (SELECT 1 FROM events WHERE events.job_id = jobs.id)`,
    ),
    message: promiseMessages(nowMs, isNew),
    after: sql<{ status: JobStatus; dream_id: string; made: number }>`
      SELECT status, dream_id, EXISTS (SELECT 1 FROM jobs AS fresh WHERE fresh.id = ${newId}) AS made
      FROM jobs WHERE id = ${jobId}`,
  });
  return after[0];
}

/** Makes a new message due now for jobs that wait: those named, or all that the filter finds. Says for how many. */
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
    WHERE status = 'queued' AND priority IN (${priority ?? "premium"}, ${priority ?? "standard"})
      AND created_at <= ${before} AND ${named} LIMIT ${mostRedriven}
    ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at RETURNING job_id`);
  return rows.length;
}
