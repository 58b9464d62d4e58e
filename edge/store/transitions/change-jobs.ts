/**
 * Every change of a job's state but its end (end-job.ts): enqueued, claimed, requeued. Each is written once,
 * as statements that are part of a caller's batch.
 */
import { type SQL, sql } from "drizzle-orm";
import type { EdgeEvent } from "../../../contract/event.ts";
import type { JobKind } from "../../../contract/job-kind.ts";
import { WebhookEventType } from "../../../contract/webhook.ts";
import { queueWait } from "../../metrics/figures.ts";
import { lapseReason, leaseEnd } from "../attempt.ts";
import { freeReservations, spentOnJob } from "../charges.ts";
import { observe } from "../counters.ts";
import { promiseDeliveries } from "../deliveries.ts";
import { appendEvent, type NewEvent } from "../events.ts";
import { endProbe } from "../holds.ts";
import type { Statements } from "../open.ts";
import { dropPromises, neverMs, promiseMessages } from "../outbox.ts";
import { nextTurn, noteServed } from "../turns.ts";

interface NewJob {
  jobId: string;
  kind: JobKind;
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

export interface ChangedJob {
  id: string;
  dream_id: string;
  priority: "standard" | "premium";
  /** The worker that holds the job, or held it when it ended. */
  worker_id: string | null;
}

/** The workers of the changed jobs. */
export const workersOf = (changed: readonly ChangedJob[]): string[] =>
  changed.flatMap(({ worker_id }) => worker_id ?? []);

interface JobChange<Before extends Statements> {
  /** SQL condition over `jobs`: the jobs that change. No statement of `before` may change its result. */
  when: SQL;
  /** The event in the log and to subscribed webhooks. */
  event: NewEvent;
  /** SQL assignments of `dreams`, for jobs that are their dream's newest. */
  dream: SQL;
  /** Further statements that read the jobs' old state. They run before the event. */
  before: Before;
  /** SQL assignments of `jobs`. */
  jobs: SQL;
}

/**
 * The statements of one change of every job that `when` finds. Only this builder orders them: those that read
 * the jobs' old state (event, webhook messages, dream) come first, and the jobs change last, all under the
 * same condition. `jobs` gives the changed jobs.
 */
export const changeJobs = <const Before extends Statements>(
  { when, event, dream, before, jobs }: JobChange<Before>,
  nowMs: number,
) => ({
  before,
  deliveries: isDelivered(event.type)
    ? promiseDeliveries(event, nowMs, sql`${when} AND jobs.kind = 'film'`)
    : null,
  event: appendEvent(event, nowMs, when),
  dream: sql`
    UPDATE dreams SET ${dream}
    FROM jobs WHERE dreams.id = jobs.dream_id AND dreams.video_job_id = jobs.id AND ${when}`,
  jobs: sql<ChangedJob>`UPDATE jobs SET ${jobs} WHERE ${when} RETURNING id, dream_id, priority, worker_id`,
});

const isDelivered = (type: EdgeEvent["type"]) => WebhookEventType.safeParse(type).success;

/**
 * Starts the next attempt of every job that `when` (an SQL condition over `jobs`) finds, for one lease. A
 * processing job is taken from an attempt whose lease has lapsed; that attempt counts as failed.
 */
export const claimJobs = (when: SQL, claim: { claimId: string; workerId: string }, nowMs: number) =>
  changeJobs(
    {
      when,
      event: {
        type: "job.started",
        data: sql`json_object('attempt', jobs.attempt + 1, 'worker_id', ${claim.workerId})`,
        attempt: sql`jobs.attempt + 1`,
        n: 0,
      },
      dream: sql`video_status = 'processing', video_started_at = COALESCE(video_started_at, ${nowMs})`,
      before: {
        lapsed: appendEvent(
          {
            type: "job.retrying",
            data: sql`json_object('attempt', jobs.attempt, 'reason', ${lapseReason(nowMs)}, 'delay_seconds', 0)`,
            attempt: sql`jobs.attempt`,
            n: null,
          },
          nowMs,
          sql`${when} AND jobs.status = 'processing'`,
        ),
        message: dropPromises(when),
        served: noteServed(when),
        wait: observe(
          queueWait,
          sql`jobs.priority`,
          sql`${when} AND jobs.attempt = 0 AND jobs.kind = 'film'`,
          nowMs,
          // A film that waited for its segments was not in the queue before it was ready.
          sql`MAX(jobs.created_at, jobs.ready_at)`,
        ),
      },
      jobs: sql`failed_attempts = failed_attempts + (status = 'processing'), attempt = attempt + 1,
        status = 'processing', claim_id = ${claim.claimId}, worker_id = ${claim.workerId},
        lease_expires_at = ${leaseEnd(nowMs)}, progressed_at = ${nowMs},
        stage = IIF(jobs.kind = 'film', 'storyboard', stage), scenes_ready = 0, files = NULL, started_at = COALESCE(started_at, ${nowMs})`,
    },
    nowMs,
  );

interface Requeue {
  /** The reason in the event `job.retrying`: a text, or an SQL value over `jobs`. */
  reason: string | SQL;
  /** No worker gets the job before this time. */
  delaySeconds: number;
  /** The attempt counts as a failed one. */
  isFailedAttempt: boolean;
  /** When the sweep sends a message about the job, if none was sent before. */
  messageAtMs: number;
  /** SQL value: the start of the hold that the job waits for, or NULL. */
  heldSince?: SQL;
}

/** Ends the attempt of every job that `when` (an SQL condition over `jobs`) finds, and requeues the job. */
export const requeueJobs = (
  when: SQL,
  { reason, delaySeconds, isFailedAttempt, messageAtMs, heldSince }: Requeue,
  nowMs: number,
) =>
  changeJobs(
    {
      when,
      event: {
        type: "job.retrying",
        data: sql`json_object('attempt', jobs.attempt, 'reason', ${reason}, 'delay_seconds', ${delaySeconds}
          ${heldSince ? sql`, 'held_since', ${heldSince}` : sql``})`,
        attempt: sql`jobs.attempt`,
        n: null,
      },
      dream: sql`video_status = 'queued', video_completed_at = NULL`,
      before: {
        probe: endProbe(when, nowMs),
        reservations: freeReservations(when, nowMs),
        messages: promiseMessages(messageAtMs, when),
      },
      jobs: sql`status = 'queued', stage = 'queued', ready_at = ${nowMs + delaySeconds * 1000},
        failed_attempts = failed_attempts + ${Number(isFailedAttempt)},
        cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}),
        claim_id = NULL, worker_id = NULL, lease_expires_at = NULL`,
    },
    nowMs,
  );
