/**
 * A worker's report that an AI provider refuses every call: its job goes back, and its kind of jobs is held.
 */
import { type SQL, sql } from "drizzle-orm";
import type { PaidCapability } from "../../contract/charge.ts";
import type { Priority } from "../../contract/film.ts";
import { holdsOfOneJob, probePauseMs } from "../../contract/hold.ts";
import { type AttemptRef, type AttemptState, holdsJob, selectState } from "./attempt.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { unclaimedMs } from "./outbox.ts";
import { requeueJobs } from "./transitions/change-jobs.ts";

/** A refusal that an attempt reports. */
export interface ProviderRefusal {
  capability: PaidCapability;
  code: string;
  /** Milliseconds since 1970. */
  atMs: number;
}

/**
 * What the attempt's refusal means. `own`: the job was refused in several holds that ended since, so it is at
 * fault itself. `old`: the hold that the refusal belongs to has ended.
 */
export async function judgeRefusal(
  session: Session,
  { jobId }: AttemptRef,
  { capability, code, atMs }: ProviderRefusal,
): Promise<"own" | "old" | "new"> {
  const { hold, earlier } = await session.batch({
    hold: sql<{ lifted_at: number | null }>`SELECT lifted_at FROM holds WHERE capability = ${capability}`,
    earlier: sql<{ holds: number }>`
      SELECT COUNT(DISTINCT data ->> '$.held_since') AS holds FROM events
      WHERE events.job_id = ${jobId} AND events.type = 'job.retrying' AND data ->> '$.reason' = ${code}
        AND data ->> '$.held_since' IS NOT COALESCE(
          (SELECT since FROM holds WHERE capability = ${capability} AND lifted_at IS NULL), 0)`,
  });
  if (firstOf(earlier).holds >= holdsOfOneJob) return "own";
  return (hold[0]?.lifted_at ?? 0) >= atMs ? "old" : "new";
}

/**
 * Requeues the attempt's job at no cost to its attempts, and holds its kind unless the refusal is old. A
 * refused probe makes the pause before the next one longer. `probeAtMs`: when a message about the job is of
 * use.
 */
export async function holdJob(
  session: Session,
  ref: AttemptRef,
  { capability, code, isOld }: ProviderRefusal & { isOld: boolean },
  nowMs: number,
): Promise<{ before: AttemptState; requeuedAs: Priority | null; probeAtMs: number; isNew: boolean }> {
  const isProbe = sql`(holds.probe_job_id = ${ref.jobId} AND holds.probe_attempt = ${ref.attempt})`;
  const { before, requeue, hold } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    held: isOld
      ? null
      : sql`
        INSERT INTO holds (capability, kind, code, since, probe_at)
        SELECT ${capability}, IIF(jobs.kind = 'takes', 'film', jobs.kind), ${code}, ${nowMs}, ${nowMs + probePauseMs(0)}
        FROM jobs WHERE ${holdsJob(ref)}
        ON CONFLICT (capability) DO UPDATE SET code = excluded.code,
          since = IIF(holds.lifted_at IS NULL, holds.since, excluded.since),
          probe_at = CASE WHEN holds.lifted_at IS NOT NULL THEN excluded.probe_at
            WHEN ${isProbe} THEN ${nowMs} + ${pauseAfter(sql`holds.probes + 1`)} ELSE holds.probe_at END,
          probes = CASE WHEN holds.lifted_at IS NOT NULL THEN 0
            WHEN ${isProbe} THEN holds.probes + 1 ELSE holds.probes END,
          probe_job_id = IIF(holds.lifted_at IS NOT NULL OR ${isProbe}, NULL, holds.probe_job_id), lifted_at = NULL`,
    requeue: requeueJobs(
      holdsJob(ref),
      {
        reason: code,
        delaySeconds: 0,
        isFailedAttempt: false,
        messageAtMs: nowMs + unclaimedMs,
        heldSince: isOld ? sql`NULL` : sql`(SELECT since FROM holds WHERE capability = ${capability})`,
      },
      nowMs,
    ),
    hold: sql<{ since: number; probe_at: number }>`
      SELECT since, probe_at FROM holds WHERE capability = ${capability} AND lifted_at IS NULL`,
  });
  return {
    before: firstOf(before),
    requeuedAs: requeue.jobs[0]?.priority ?? null,
    probeAtMs: hold[0]?.probe_at ?? nowMs,
    isNew: hold[0]?.since === nowMs,
  };
}

/** SQL value: the pause in milliseconds after so many refused probes. */
const pauseAfter = (probes: SQL) =>
  sql`(${JSON.stringify(Array.from({ length: 11 }, (_, refused) => probePauseMs(refused)))} ->> MIN(10, ${probes}))`;
