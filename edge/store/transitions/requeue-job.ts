import { type SQL, sql } from "drizzle-orm";
import { freeReservations, spentOnJob } from "../charges.ts";
import { endProbe } from "../holds.ts";
import { promiseMessages } from "../outbox.ts";
import { changeJobs } from "./change-jobs.ts";

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
