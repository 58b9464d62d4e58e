import { type SQL, sql } from "drizzle-orm";
import { freeReservations, spentOnJob } from "../charges.ts";
import { promiseMessages } from "../outbox.ts";
import { changeJobs } from "./change-jobs.ts";

interface Requeue {
  /** Why, as `job.retrying` tells it: a text, or an SQL value over `jobs`. */
  reason: string | SQL;
  /** The job is given to no worker before. */
  delaySeconds: number;
  /** The attempt counts as one of those that may fail. */
  isFailedAttempt: boolean;
  /** When the sweep sends a message about the job, if nobody has done so before. */
  messageAtMs: number;
}

/** Ends the attempt of every job that `when` (an SQL condition over `jobs`) finds, and puts the job back into its queue. */
export const requeueJobs = (
  when: SQL,
  { reason, delaySeconds, isFailedAttempt, messageAtMs }: Requeue,
  nowMs: number,
) =>
  changeJobs(
    {
      when,
      event: {
        type: "job.retrying",
        data: sql`json_object('attempt', jobs.attempt, 'reason', ${reason}, 'delay_seconds', ${delaySeconds})`,
        attempt: sql`jobs.attempt`,
        n: null,
      },
      dream: sql`video_status = 'queued', video_completed_at = NULL`,
      before: { reservations: freeReservations(when, nowMs), messages: promiseMessages(messageAtMs, when) },
      jobs: sql`status = 'queued', stage = 'queued', ready_at = ${nowMs + delaySeconds * 1000},
        failed_attempts = failed_attempts + ${Number(isFailedAttempt)},
        cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}),
        claim_id = NULL, worker_id = NULL, lease_expires_at = NULL`,
    },
    nowMs,
  );
