import { type SQL, sql } from "drizzle-orm";
import { appendEvent } from "../events.ts";
import { neverMs, promiseMessages } from "../outbox.ts";
import { nextTurn } from "../turns.ts";

interface NewJob {
  jobId: string;
  kind: "film" | "transcription";
  /** SQL value: whether the film waits until the dream's segments are transcribed. */
  isWaiting?: SQL;
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
 * Creates a queued job, that of a film as its dream's newest, with its first event and the promise of a
 * message. It creates the job once, however often the batch runs, and no film while another film of the dream
 * is active. A film that waits gets its message when it stops waiting (store/segments/release-films.ts). The
 * event follows the insert, because there is no row before; every later statement checks that the job exists.
 */
export function enqueueJob(
  { jobId, kind, isWaiting = sql`0`, from, messageAtMs, ...job }: NewJob,
  nowMs: number,
) {
  const isNew = sql`jobs.id = ${jobId} AND jobs.status = 'queued'`;
  return {
    job: sql`
      INSERT INTO jobs (id, dream_id, owner_id, kind, is_waiting, status, priority, input, turn, ready_at,
        traceparent, created_at)
      SELECT ${jobId}, ${job.dreamId}, ${job.ownerId}, ${kind}, ${isWaiting}, 'queued', ${job.priority},
        ${job.input}, ${nextTurn(job.ownerId, job.priority, kind)}, IIF(${isWaiting}, ${neverMs}, 0),
        ${job.traceparent}, ${nowMs}
      FROM ${from}
      ON CONFLICT DO NOTHING`,
    dream:
      kind === "film"
        ? sql`
      UPDATE dreams SET video_job_id = ${jobId}, video_status = 'queued', video_url = NULL,
        video_metadata = NULL, video_started_at = NULL, video_completed_at = NULL
      WHERE id = (SELECT dream_id FROM jobs WHERE ${isNew})`
        : null,
    event: appendEvent(
      { type: "job.queued", data: sql`json_object('priority', jobs.priority)`, attempt: sql`0`, n: 0 },
      nowMs,
      sql`${isNew} AND NOT EXISTS (SELECT 1 FROM events WHERE events.job_id = jobs.id)`,
    ),
    message: promiseMessages(messageAtMs, sql`${isNew} AND jobs.is_waiting = 0`),
  };
}
