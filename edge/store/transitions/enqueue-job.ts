import { type SQL, sql } from "drizzle-orm";
import { appendEvent } from "../events.ts";
import { promiseMessages } from "../outbox.ts";
import { nextTurn } from "../turns.ts";

interface NewJob {
  jobId: string;
  /** SQL values over `from`, except those that are known before. */
  dreamId: SQL;
  ownerId: SQL;
  priority: SQL;
  /** JSON of `JobInput`. */
  input: SQL;
  traceparent: SQL;
  /** SQL after `FROM`, with the condition under which the job may be created: one row or none. */
  from: SQL;
  /** When the sweep sends a message about the job, if none was sent before. */
  messageAtMs: number;
}

/**
 * Creates a queued job that is its dream's newest, with its first event and the promise of a message. It
 * creates the job once, however often the batch runs, and not while another job of the dream is active. The
 * event follows the insert, because there is no row before; every later statement checks that the job exists.
 */
export function enqueueJob({ jobId, from, messageAtMs, ...job }: NewJob, nowMs: number) {
  const isNew = sql`jobs.id = ${jobId} AND jobs.status = 'queued'`;
  return {
    job: sql`
      INSERT INTO jobs (id, dream_id, owner_id, status, priority, input, turn, traceparent, created_at)
      SELECT ${jobId}, ${job.dreamId}, ${job.ownerId}, 'queued', ${job.priority}, ${job.input},
        ${nextTurn(job.ownerId, job.priority)}, ${job.traceparent}, ${nowMs}
      FROM ${from}
      ON CONFLICT DO NOTHING`,
    dream: sql`
      UPDATE dreams SET video_job_id = ${jobId}, video_status = 'queued', video_url = NULL,
        video_metadata = NULL, video_started_at = NULL, video_completed_at = NULL
      WHERE id = (SELECT dream_id FROM jobs WHERE ${isNew})`,
    event: appendEvent(
      { type: "job.queued", data: sql`json_object('priority', jobs.priority)`, attempt: sql`0`, n: 0 },
      nowMs,
      sql`${isNew} AND NOT EXISTS (SELECT 1 FROM events WHERE events.job_id = jobs.id)`,
    ),
    message: promiseMessages(messageAtMs, isNew),
  };
}
