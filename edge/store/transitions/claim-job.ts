import { type SQL, sql } from "drizzle-orm";
import { queueWait } from "../../metrics/figures.ts";
import { lapseReason, leaseEnd } from "../attempt.ts";
import { observe } from "../counters.ts";
import { appendEvent } from "../events.ts";
import { dropPromises } from "../outbox.ts";
import { noteServed } from "../turns.ts";
import { changeJobs } from "./change-jobs.ts";

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
