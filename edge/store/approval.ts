/** The storyboard of a job that waits for its owner: read, changed, approved. */
import { type SQL, sql } from "drizzle-orm";
import type { EditStoryboard, KeptStoryboard } from "../../contract/approval.ts";
import type { PausePoint, Priority } from "../../contract/film.ts";
import type { JobStatus } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { dreamOf } from "./dreams.ts";
import { isHeld } from "./holds.ts";
import {
  forgetIfExpired,
  type IdempotencyClaim,
  isUnanswered,
  type KeptAnswer,
  keepAnswer,
  readKeptAnswer,
} from "./idempotency.ts";
import { isCaller } from "./keys.ts";
import type { Session } from "./open.ts";
import { unclaimedMs } from "./outbox.ts";
import { limitReached, type OwnerLimits } from "./owner-limits.ts";
import { placeholdersOfJob } from "./placeholders.ts";
import type { JobInput } from "./request-film.ts";
import { approveJobs } from "./transitions/pause-jobs.ts";
import { isWatched } from "./watched.ts";

/** A dream's newest job, as its owner's decision needs it. */
export interface WaitingJob {
  id: string;
  dream_id: string;
  status: JobStatus;
  attempt: number;
  revision: number;
  pause_point: PausePoint | null;
  expires_at: number | null;
  approved_at: number | null;
  cost_micro_usd: number;
  /** JSON of `JobInput`. */
  input: string;
  /** JSON: the storyboard for which the attempt has bought pictures; null if it has bought none. */
  pictured: string | null;
  /** JSON: the scenes of `pictured` that are painted without AI. The next attempt tries to buy them. */
  placeholders: string;
}

/** A job that waits, with what it is to film. */
export interface WaitingFilm {
  job: WaitingJob;
  input: JobInput & { storyboard: KeptStoryboard };
}

/** `job` null: no video of the dream was requested. Undefined: the key is unknown. */
export interface BeforeApproval {
  dream: { id: string } | null;
  job: WaitingJob | null;
}

/** SQL value: the id of the newest job of the caller's dream. */
const newestJob = (keyHash: string, clientId: string) =>
  sql`(SELECT video_job_id FROM dreams WHERE dreams.id = ${dreamOf(keyHash, clientId)})`;

const selectJob = (keyHash: string, clientId: string) => sql<WaitingJob>`
  SELECT id, dream_id, status, attempt, revision, pause_point, expires_at, approved_at, cost_micro_usd, input,
    IIF(pause_point = 'pictures', (SELECT data FROM events WHERE job_id = jobs.id AND attempt = jobs.attempt
      AND type = 'job.storyboard' ORDER BY seq DESC LIMIT 1), NULL) AS pictured,
    ${placeholdersOfJob} AS placeholders
  FROM jobs WHERE id = ${newestJob(keyHash, clientId)}`;

/** Reads the newest job of the caller's dream. */
export async function readWaiting(
  session: Session,
  keyHash: string,
  clientId: string,
): Promise<BeforeApproval | undefined> {
  const { caller, dream, job } = await session.batch({
    caller: sql`SELECT 1 FROM api_keys WHERE ${isCaller(keyHash)}`,
    dream: sql<{ id: string }>`SELECT id FROM dreams WHERE id = ${dreamOf(keyHash, clientId)}`,
    job: selectJob(keyHash, clientId),
  });
  return caller.length === 0 ? undefined : { dream: dream[0] ?? null, job: job[0] ?? null };
}

/** Which job is meant: it changes only while it waits with this revision. */
export interface Seen {
  keyHash: string;
  clientId: string;
  jobId: string;
  revision: number;
}

const isSeen = ({
  keyHash,
  clientId,
  jobId,
  revision,
}: Omit<Seen, "revision"> & { revision: number | null }): SQL => sql`jobs.id = ${jobId}
  AND jobs.dream_id = ${dreamOf(keyHash, clientId)} AND jobs.status = 'waiting' AND jobs.revision = ${revision}`;

/**
 * Replaces the storyboard if the job waits with the revision that was seen, and gives the next one. Gives the
 * job afterwards, and whether its dream has listeners.
 */
export async function replaceStoryboard(
  session: Session,
  seen: Seen,
  storyboard: KeptStoryboard,
  nowMs: number,
): Promise<{ job: WaitingJob | null; isReplaced: boolean; isWatched: boolean }> {
  const { replaced, after } = await session.batch({
    // First, because it reads the revision that the next statement raises.
    title: sql`UPDATE dreams SET storyboard_title = ${storyboard.title}
      WHERE id = (SELECT jobs.dream_id FROM jobs WHERE ${isSeen(seen)})`,
    replaced: sql<{ watched: number }>`
      UPDATE jobs SET revision = revision + 1,
        input = json_set(input, '$.storyboard', json(${JSON.stringify(storyboard)}), '$.is_edited', json('true'))
      WHERE ${isSeen(seen)} RETURNING ${isWatched(nowMs)} AS watched`,
    after: selectJob(seen.keyHash, seen.clientId),
  });
  return {
    job: after[0] ?? null,
    isReplaced: replaced.length > 0,
    isWatched: replaced[0]?.watched === 1,
  };
}

export interface Approval extends Omit<Seen, "revision"> {
  /** Null: the storyboard has another revision, so nothing is queued. A kept answer is still given. */
  revision: number | null;
  /** What the film may cost further at most, in millionths of a US dollar. */
  atMostMicroUsd: number;
  ownerLimits: OwnerLimits;
  idempotency: IdempotencyClaim | null;
  /** The answer to this request and to its repetitions. JSON. */
  answer: string;
}

/** The state in D1 after the batch, whether or not it changed anything. */
export interface AfterApproval {
  /** Null: this request did not queue the job. */
  queued: { dreamId: string; priority: Priority } | null;
  job: (Pick<WaitingJob, "status" | "revision" | "approved_at"> & { held: number; watched: number }) | null;
  kept: KeptAnswer | null;
  /** The problem of an owner's limit that is reached. */
  limit: ProblemCode | null;
}

/**
 * Queues the job if it waits with the revision that was seen: one batch. Of concurrent calls one queues it.
 */
export async function approveJob(
  session: Session,
  approval: Approval,
  nowMs: number,
): Promise<AfterApproval> {
  const { keyHash, clientId, jobId, revision, atMostMicroUsd, idempotency, answer } = approval;
  const untilMs = nowMs + limits.idempotencyKeepSeconds * 1000;
  const isApproved = sql`EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ${jobId} AND jobs.revision = ${revision}
    AND jobs.approved_at IS NOT NULL)`;
  const limit = sql<{ limit: ProblemCode | null }>`
    SELECT ${limitReached("approval", approval.ownerLimits, { nowMs })} AS "limit" FROM api_keys WHERE hash = ${keyHash}`;
  const when = sql`${isSeen(approval)} AND ${isUnanswered(idempotency, sql`jobs.owner_id`)} AND (${limit}) IS NULL`;
  const { approved, after, kept, reached } = await session.batch({
    expired: idempotency && forgetIfExpired(idempotency, keyHash, nowMs),
    approved: approveJobs(when, { atMostMicroUsd, messageAtMs: nowMs + unclaimedMs }, nowMs),
    answer:
      idempotency &&
      keepAnswer(idempotency, keyHash, { answer, untilMs, dreamId: dreamOf(keyHash, clientId) }, isApproved),
    after: sql<NonNullable<AfterApproval["job"]>>`
      SELECT status, revision, approved_at, ${isHeld(nowMs)} AS held, ${isWatched(nowMs)} AS watched
      FROM jobs WHERE jobs.id = ${jobId}`,
    kept: idempotency && readKeptAnswer(idempotency, keyHash),
    reached: limit,
  });
  const [row] = approved.jobs;
  return {
    queued: row === undefined ? null : { dreamId: row.dream_id, priority: row.priority },
    job: after[0] ?? null,
    kept: kept[0] ?? null,
    limit: reached[0]?.limit ?? null,
  };
}

/** Whether the title and the scenes are those of the request. */
export const isSameEdit = (stored: KeptStoryboard | undefined, { title, scenes }: EditStoryboard): boolean =>
  stored?.title === title && JSON.stringify(stored.scenes) === JSON.stringify(scenes);
