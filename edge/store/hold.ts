/**
 * What a worker's write finds: whether its attempt still holds the job. The same facts guard every statement of the
 * write (`holds`) and explain it afterwards (`readStanding`, `refusalOf`), so the two can not disagree.
 */
import { type SQL, sql } from "drizzle-orm";
import type { JobStatus } from "../../contract/job.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { isOurs, type Nonce, takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";

export interface Hold {
  jobId: string;
  /** The dream that the job must be of, where the caller named one. */
  dreamId: string | null;
  attempt: number;
  nonce: Nonce;
}

/** SQL condition over `jobs`. A lease that lapsed holds until somebody takes the job or the sweep takes it back. */
export const holds = ({ jobId, dreamId, attempt, nonce }: Hold): SQL => sql`jobs.id = ${jobId}
  AND jobs.dream_id = COALESCE(${dreamId}, jobs.dream_id)
  AND jobs.status = 'processing' AND jobs.attempt = ${attempt} AND ${isOurs(nonce)}`;

export interface Standing {
  /** 1: the nonce is this request's. 0: the signed request was seen before. */
  fresh: number;
  dream_id: string | null;
  /** Null: there is no such job. */
  status: JobStatus | null;
  attempt: number | null;
}

/** One row always: what is known of the nonce and of the job. */
export const readStanding = ({ jobId, nonce }: Hold) => sql<Standing>`
  SELECT ${isOurs(nonce)} AS fresh, jobs.dream_id AS dream_id, jobs.status AS status, jobs.attempt AS attempt
  FROM (SELECT 1) LEFT JOIN jobs ON jobs.id = ${jobId}`;

/** How the attempt stands, for a request that will change nothing. */
export async function inspectHold(session: Session, hold: Hold, nowMs: number): Promise<Standing> {
  const { standing } = await session.batch({
    nonce: takeNonce(hold.nonce, nowMs),
    standing: readStanding(hold),
  });
  return firstOf(standing);
}

/** Whether the attempt holds the job: what it has not written yet may come. */
export async function isAtWork(session: Session, jobId: string, attempt: number): Promise<boolean> {
  const rows = await session.run(
    sql`SELECT 1 FROM jobs WHERE id = ${jobId} AND attempt = ${attempt} AND status = 'processing'`,
  );
  return rows.length > 0;
}

/**
 * Why the attempt may not write, or null where it may. Decided from what stood before the write. Jobs vanish only with
 * their dream, so one that is gone was cancelled.
 */
export function refusalOf(standing: Standing, hold: Hold): ProblemCode | null {
  const { fresh, dream_id, status, attempt } = standing;
  if (!fresh) return "signature.replayed";
  if (status === null || status === "cancelled") return "job.cancelled";
  if (hold.dreamId !== null && hold.dreamId !== dream_id) return "job.not_found";
  if (attempt !== hold.attempt || status === "queued") return "job.fenced";
  if (status !== "processing") return "job.finished";
  return null;
}
