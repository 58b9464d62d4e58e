/** The claim of a job: one conditional update, so that one of many concurrent claims wins. */
import { sql } from "drizzle-orm";
import type { Priority } from "../../contract/film.ts";
import type { JobStatus } from "../../contract/job.ts";
import type { JobKind } from "../../contract/job-kind.ts";
import { maxFailedAttempts } from "../../contract/limits.ts";
import { renewedLease } from "./attempt.ts";
import { isHeld, noteProbe, parkMessage } from "./holds.ts";
import { isOurs, jobOf, type Nonce, takeNonceFor } from "./nonces.ts";
import type { Session } from "./open.ts";
import { claimJobs } from "./transitions/change-jobs.ts";
import { jobInTurn } from "./turns.ts";
import { isWatched } from "./watched.ts";

export interface Claim {
  /** The job that the message named. */
  jobId: string;
  claimId: string;
  workerId: string;
  /**
   * The queue of the message: then the next job in turn of that queue may be given. Null: the named job or
   * none.
   */
  queue: Priority | null;
}

/**
 * The job after the batch: the given one, or else the named one. It is the caller's if `claim_id` is the
 * caller's and `status` is processing.
 */
export interface AfterClaim {
  id: string;
  status: JobStatus;
  claim_id: string | null;
  attempt: number;
  dream_id: string;
  owner_id: string;
  traceparent: string | null;
  kind: JobKind;
  /** JSON of `JobInput`, `TranscriptionInput` or `TakesInput`. */
  input: string;
  /** 1: this request took the nonce. 0: this signed request was seen before. */
  fresh: number;
  /** 1: its kind is held, and it is not the turn of a probe. */
  held: number;
  /** 1: the dream's live channel has listeners. */
  watched: number;
}

/**
 * A delayed message may arrive this much before its job is ready, because the queue counts whole seconds.
 */
const earlyMs = 1_000;

/**
 * Gives a job to the worker for one lease, by one conditional UPDATE, so that one of many concurrent claims
 * wins. It takes a queued job whose `ready_at` has come, or the named job if its lease has lapsed and it has
 * attempts left. Of a held kind it takes a job only as a probe. The choice is made once and stored with the
 * nonce: a repeated claim gets the same job and attempt.
 */
export async function claimJob(
  session: Session,
  claim: Claim,
  nonce: Nonce,
  nowMs: number,
): Promise<AfterClaim | "replayed" | null> {
  const { jobId, claimId, workerId, queue } = claim;
  const isSilent = sql`(jobs.status = 'processing' AND jobs.lease_expires_at <= ${nowMs}
    AND jobs.failed_attempts < ${maxFailedAttempts - 1})`;
  const given =
    queue === null
      ? sql`${jobId}`
      : sql`COALESCE(
          (SELECT id FROM jobs WHERE jobs.claim_id = ${claimId} AND jobs.status = 'processing'),
          (SELECT id FROM jobs WHERE jobs.id = ${jobId} AND ${isSilent}),
          ${jobInTurn(queue, nowMs)},
          ${jobId})`;
  const isReady = sql`jobs.ready_at <= ${nowMs + earlyMs}`;
  const isFree = sql`jobs.id = ${jobOf(nonce)} AND jobs.claim_id IS NOT ${claimId}
    AND ((jobs.status = 'queued' AND ${isReady}) OR ${isSilent}) AND NOT ${isHeld(nowMs)}`;
  const isClaimed = sql`jobs.id = ${jobOf(nonce)} AND jobs.claim_id = ${claimId} AND jobs.status = 'processing'`;
  const { after } = await session.batch({
    nonce: takeNonceFor(nonce, given, nowMs),
    // The worker acks this message although the job still waits: another one is due when the job is ready.
    nextMessage: sql`
      UPDATE outbox SET due_at = MIN(due_at, (SELECT ready_at FROM jobs WHERE jobs.id = outbox.job_id))
      WHERE job_id = (SELECT jobs.id FROM jobs
        WHERE jobs.id = ${jobOf(nonce)} AND jobs.status = 'queued' AND NOT ${isReady})`,
    renewed: sql`UPDATE jobs SET lease_expires_at = ${renewedLease(sql`progressed_at`, nowMs)} WHERE ${isClaimed}`,
    parked: parkMessage(nonce, nowMs),
    claimed: claimJobs(isFree, { claimId, workerId }, nowMs),
    probe: noteProbe(nonce, claimId, nowMs),
    after: sql<AfterClaim>`
      SELECT id, status, claim_id, attempt, dream_id, owner_id, traceparent, kind, input, ${isOurs(nonce)} AS fresh,
        ${isHeld(nowMs)} AS held, ${isWatched(nowMs)} AS watched
      FROM jobs WHERE id = COALESCE(${jobOf(nonce)}, ${jobId})`,
  });
  const [row] = after;
  if (!row) return null;
  return row.fresh ? row : "replayed";
}
