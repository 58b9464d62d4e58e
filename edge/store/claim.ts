import { sql } from "drizzle-orm";
import type { FilmOptions } from "../../contract/film.ts";
import type { JobStatus } from "../../contract/job.ts";
import { leaseSeconds, maxFailedAttempts } from "../../contract/limits.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { appendEvent } from "./events.ts";
import { isOurs, type Nonce, takeNonce } from "./nonces.ts";
import type { Session } from "./open.ts";

export interface Claim {
  jobId: string;
  claimId: string;
  workerId: string;
}

/** The job after the try. It is the caller's if `claim_id` is the caller's and `status` is processing. */
export interface AfterClaim {
  status: JobStatus;
  claim_id: string | null;
  attempt: number;
  dream_id: string;
  owner_id: string;
  /** JSON of `JobInput`. */
  input: string;
  /** 1: the nonce is ours. 0: this signed request was seen before. */
  fresh: number;
}

export interface JobInput {
  title: string | null;
  transcript: string;
  options: FilmOptions;
  /** Of a redo: what to film, and the job whose film it changes. */
  storyboard?: Storyboard;
  redo_of?: string;
}

/**
 * Gives the job to the worker for one lease: one conditional UPDATE, so that one of any number wins. It takes a queued
 * job, or one whose holder fell silent and that has failed attempts left. The holder that asks again keeps its attempt.
 */
export async function claimJob(
  session: Session,
  claim: Claim,
  nonce: Nonce,
  nowMs: number,
): Promise<AfterClaim | "replayed" | null> {
  const { jobId, claimId, workerId } = claim;
  const isSilent = sql`(jobs.status = 'processing' AND jobs.lease_expires_at <= ${nowMs}
    AND jobs.failed_attempts < ${maxFailedAttempts - 1})`;
  const isFree = sql`jobs.id = ${jobId} AND jobs.claim_id IS NOT ${claimId}
    AND (jobs.status = 'queued' OR ${isSilent}) AND ${isOurs(nonce)}`;
  const isHeld = sql`jobs.id = ${jobId} AND jobs.claim_id = ${claimId} AND jobs.status = 'processing'
    AND ${isOurs(nonce)}`;
  const leaseEnd = nowMs + leaseSeconds * 1000;
  const results = await session.batch([
    takeNonce(nonce, nowMs),
    appendEvent(
      {
        type: "job.retrying",
        data: sql`json_object('attempt', jobs.attempt, 'reason', 'silent', 'delay_seconds', 0)`,
        attempt: sql`jobs.attempt`,
        n: null,
      },
      nowMs,
      sql`${isFree} AND jobs.status = 'processing'`,
    ),
    appendEvent(
      {
        type: "job.started",
        data: sql`json_object('attempt', jobs.attempt + 1, 'worker_id', ${workerId})`,
        attempt: sql`jobs.attempt + 1`,
        n: 0,
      },
      nowMs,
      isFree,
    ),
    sql`
      UPDATE dreams SET video_status = 'processing', video_started_at = COALESCE(video_started_at, ${nowMs})
      WHERE video_job_id = ${jobId} AND id = (SELECT dream_id FROM jobs WHERE ${isFree})`,
    sql`DELETE FROM outbox WHERE job_id = ${jobId} AND EXISTS (SELECT 1 FROM jobs WHERE ${isFree})`,
    sql`UPDATE jobs SET lease_expires_at = ${leaseEnd} WHERE ${isHeld}`,
    sql`
      UPDATE jobs SET
        failed_attempts = failed_attempts + (status = 'processing'), attempt = attempt + 1,
        status = 'processing', claim_id = ${claimId}, worker_id = ${workerId}, lease_expires_at = ${leaseEnd},
        stage = 'storyboard', scenes_ready = 0, files = NULL, started_at = COALESCE(started_at, ${nowMs})
      WHERE ${isFree}`,
    sql<AfterClaim>`
      SELECT status, claim_id, attempt, dream_id, owner_id, input, ${isOurs(nonce)} AS fresh
      FROM jobs WHERE id = ${jobId}`,
  ]);
  const [row] = results[7];
  if (!row) return null;
  return row.fresh ? row : "replayed";
}
