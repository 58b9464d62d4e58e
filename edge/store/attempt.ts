/**
 * Whether a worker's attempt still holds the job. The same values guard every statement of the write
 * (`holdsJob`) and explain it afterwards (`selectState`, `problemOf`), so the two cannot disagree.
 */
import { type SQL, sql } from "drizzle-orm";
import type { JobStatus } from "../../contract/job.ts";
import type { JobKind } from "../../contract/job-kind.ts";
import { leaseSeconds, maxFailedAttempts, progressTimeoutSeconds } from "../../contract/limits.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { isOurs, type Nonce, takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";

export interface AttemptRef {
  jobId: string;
  /** The dream to which the job must belong, if the caller named one. */
  dreamId: string | null;
  attempt: number;
  nonce: Nonce;
  /** The kind of job that the request is about. Absent: any. */
  kind?: JobKind;
}

/**
 * SQL condition over `jobs`: the attempt holds the job. A lapsed lease holds until another worker claims the
 * job or the sweep requeues it.
 */
export const holdsJob = ({ jobId, dreamId, attempt, nonce, kind }: AttemptRef): SQL => sql`jobs.id = ${jobId}
  AND jobs.kind = COALESCE(${kind ?? null}, jobs.kind)
  AND jobs.dream_id = COALESCE(${dreamId}, jobs.dream_id)
  AND jobs.status = 'processing' AND jobs.attempt = ${attempt} AND ${isOurs(nonce)}`;

export interface AttemptState {
  /** 1: this request took the nonce. 0: the signed request was seen before. */
  fresh: number;
  dream_id: string | null;
  /** Until then the dream's live channel has listeners. */
  watched_until: number;
  kind: JobKind | null;
  /** Null: the job does not exist. */
  status: JobStatus | null;
  attempt: number | null;
}

/** SQL value over `jobs`: until when the dream's channel has listeners; 0 if it had none. */
export const watchedUntil: SQL<number> = sql`
  COALESCE((SELECT watched_until FROM dreams WHERE dreams.id = jobs.dream_id), 0)`;

/** Reads the state of the nonce and of the job, always as one row. */
export const selectState = ({ jobId, nonce }: AttemptRef) => sql<AttemptState>`
  SELECT ${isOurs(nonce)} AS fresh, jobs.dream_id AS dream_id, ${watchedUntil} AS watched_until, jobs.kind AS kind, jobs.status AS status, jobs.attempt AS attempt
  FROM (SELECT 1) LEFT JOIN jobs ON jobs.id = ${jobId}`;

/** The attempt's state, for a request that will change nothing. */
export async function inspectAttempt(
  session: Session,
  ref: AttemptRef,
  nowMs: number,
): Promise<AttemptState> {
  const { state } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    state: selectState(ref),
  });
  return firstOf(state);
}

/** Whether the attempt holds the job, so that it may still write files. */
export async function isAtWork(session: Session, jobId: string, attempt: number): Promise<boolean> {
  const rows = await session.run(
    sql`SELECT 1 FROM jobs WHERE id = ${jobId} AND attempt = ${attempt} AND status = 'processing'`,
  );
  return rows.length > 0;
}

/**
 * Why the attempt may not write, or null if it may. Decided from the state before the write. A job is deleted
 * only with its dream, so a missing job counts as cancelled.
 */
export function problemOf(state: AttemptState, ref: AttemptRef): ProblemCode | null {
  const { fresh, dream_id, status, attempt } = state;
  if (!fresh) return "signature.replayed";
  if (status === null || status === "cancelled") return "job.cancelled";
  if (ref.dreamId !== null && ref.dreamId !== dream_id) return "job.not_found";
  if (ref.kind !== undefined && ref.kind !== state.kind) return "job.not_found";
  if (attempt !== ref.attempt || status === "queued") return "job.fenced";
  if (status !== "processing") return "job.finished";
  return null;
}

/**
 * How long an attempt holds its job. Every heartbeat renews the lease, but not beyond
 * `progressTimeoutSeconds` after the last progress: an attempt that stalls loses its job like one that went
 * silent, by the same alarm and sweep.
 */

/** The end of a lease that begins at `nowMs`. Milliseconds since 1970. */
export const leaseEnd = (nowMs: number) => nowMs + leaseSeconds * 1000;

/**
 * SQL value: the end of the lease of an attempt that reports at `nowMs` and last made progress at
 * `progressedAt`.
 */
export const renewedLease = (progressedAt: SQL, nowMs: number) =>
  sql`MIN(${leaseEnd(nowMs)}, COALESCE(${progressedAt}, ${nowMs}) + ${progressTimeoutSeconds * 1000})`;

/** SQL condition over `jobs` whose lease has lapsed: the attempt sends reports and makes no progress. */
const hasStalled = (nowMs: number) =>
  sql`COALESCE(jobs.progressed_at + ${progressTimeoutSeconds * 1000} <= ${nowMs}, 0)`;

/** SQL value over `jobs` whose lease has lapsed: the reason in the event `job.retrying`. */
export const lapseReason = (nowMs: number) => sql`IIF(${hasStalled(nowMs)}, 'stalled', 'silent')`;

/** SQL value over `jobs` whose lease has lapsed for the last time: the message for the owner. */
export const lastLapseMessage = (nowMs: number) => sql`IIF(${hasStalled(nowMs)},
  ${`The last of ${maxFailedAttempts} attempts made no progress for ${progressTimeoutSeconds / 60} minutes.`},
  ${`The last of ${maxFailedAttempts} attempts ended in silence.`})`;
