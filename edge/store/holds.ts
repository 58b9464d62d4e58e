/**
 * Holds in D1: see contract/hold.ts. A claim gives no job that needs a held capability, except one probe
 * whenever `probe_at` has come. A purchase that a probe has paid ends the hold, in the batch that settles it.
 */
import { type SQL, sql } from "drizzle-orm";
import type { PaidCapability, Settlement } from "../../contract/charge.ts";
import { type OpsHold, probePauseMs, probeVerdictMs } from "../../contract/hold.ts";
import type { AttemptRef } from "./attempt.ts";
import { jobOf, type Nonce } from "./nonces.ts";
import type { Session } from "./open.ts";
import { neverMs } from "./outbox.ts";

/** Rows of `holds` that hold jobs. The range makes the read a search by the primary key. */
const isActive = sql`holds.capability > '' AND holds.lifted_at IS NULL`;

/** Holds that have ended. */
export const isLifted = sql`holds.capability > '' AND holds.lifted_at IS NOT NULL`;

/**
 * SQL condition over `holds` and `jobs`: the job buys of the capability. The dreamer's own voice is free.
 * Takes buy of one of the capabilities that films need, and a job that shows another take of none.
 */
const isNeeded = sql`(holds.kind = IIF(jobs.kind = 'takes', 'film', jobs.kind)
  AND NOT (holds.capability = 'voice' AND jobs.input ->> '$.options.voice' IS 'own')
  AND jobs.input ->> '$.chosen' IS NULL AND (jobs.kind <> 'takes' OR holds.capability = jobs.input ->> '$.asset'))`;

/** SQL condition over `jobs`: the job needs a held capability, and no probe is due. */
export const isHeld = (nowMs: number) => sql`EXISTS (SELECT 1 FROM holds
  WHERE ${isActive} AND ${isNeeded} AND holds.probe_at > ${nowMs})`;

/** SQL condition over `jobs` for a normal claim. */
export const isNotHeld = sql`NOT EXISTS (SELECT 1 FROM holds WHERE ${isActive} AND ${isNeeded})`;

/**
 * SQL value: the job of the queue that may probe its held providers now; NULL if no probe is due. Jobs that
 * were not refused in this hold come first, so that the odd answer to one job holds no others.
 */
export const jobToProbe = (isOfQueue: SQL, nowMs: number) => sql`(
  SELECT jobs.id FROM holds CROSS JOIN jobs
  WHERE ${isActive} AND ${isOfQueue} AND ${isNeeded} AND NOT ${isHeld(nowMs)}
  ORDER BY IIF(jobs.ready_at >= holds.since, jobs.ready_at, 0), jobs.turn, jobs.created_at, jobs.id LIMIT 1)`;

/** Notes the job that a claim has just started as the probe of its kind's holds. */
export const noteProbe = (nonce: Nonce, claimId: string, nowMs: number) => sql`
  UPDATE holds SET probe_job_id = jobs.id, probe_attempt = jobs.attempt, probe_at = ${nowMs + probeVerdictMs}
  FROM jobs WHERE jobs.id = ${jobOf(nonce)} AND jobs.claim_id = ${claimId} AND jobs.progressed_at = ${nowMs}
    AND jobs.status = 'processing' AND ${isNeeded} AND ${isActive}`;

/**
 * Makes the next probe due soon, if the attempt of a job that `when` (over `jobs`) finds is a probe that ends
 * without a verdict: its film failed by something else, was cancelled, or bought nothing of the capability.
 */
export const endProbe = (when: SQL, nowMs: number) => sql`
  UPDATE holds SET probe_at = MIN(probe_at, ${nowMs + probePauseMs(0)}), probe_job_id = NULL
  FROM jobs WHERE ${isActive} AND jobs.id = holds.probe_job_id AND jobs.attempt = holds.probe_attempt AND ${when}`;

/** A held job needs no message before its hold ends. */
export const parkMessage = (nonce: Nonce, nowMs: number) => sql`
  UPDATE outbox SET due_at = ${neverMs} WHERE job_id = (
    SELECT jobs.id FROM jobs WHERE jobs.id = ${jobOf(nonce)} AND jobs.status = 'queued' AND ${isHeld(nowMs)})`;

/**
 * Ends every hold whose probe is this attempt and has paid for the capability, and makes a message due for
 * each job that waited. Run it after the settlement. Null if nothing was settled.
 */
export const liftHolds = (settled: readonly Settlement[], { jobId, attempt }: AttemptRef, nowMs: number) =>
  settled.length === 0
    ? null
    : {
        lifted: sql<{ capability: string }>`
          UPDATE holds SET lifted_at = ${nowMs}
          WHERE ${isActive} AND probe_job_id = ${jobId} AND probe_attempt = ${attempt}
            AND EXISTS (SELECT 1 FROM charges WHERE charges.job_id = ${jobId} AND charges.attempt = ${attempt}
              AND charges.capability = holds.capability AND charges.state = 'paid'
              AND charges.superseded_at IS NULL)
          RETURNING capability`,
        messages: sql`
          UPDATE outbox SET due_at = MIN(due_at, ${nowMs}) WHERE job_id IN (
            SELECT jobs.id FROM holds CROSS JOIN jobs
            WHERE holds.capability > '' AND holds.lifted_at = ${nowMs} AND ${isNeeded}
              AND jobs.status = 'queued' AND jobs.priority IN ('premium', 'standard') AND jobs.is_waiting = 0)`,
      };

/** The capabilities whose hold `liftHolds` has ended. */
export const liftedBy = (
  rows: readonly unknown[] | { lifted: readonly { capability: string }[] },
): string[] => ("lifted" in rows ? rows.lifted.map(({ capability }) => capability) : []);

/** Makes a message due for one job of each kind whose probe is due. Gives the number of messages. */
export async function sendProbes(session: Session, nowMs: number): Promise<number> {
  const rows = await session.run(sql`
    INSERT INTO outbox (job_id, priority, due_at, sends)
    SELECT probe.id, probe.priority, ${nowMs}, 0 FROM jobs AS probe WHERE probe.id IN (
      SELECT (SELECT jobs.id FROM jobs WHERE jobs.status = 'queued' AND jobs.priority IN ('premium', 'standard')
        AND ${isNeeded} AND jobs.is_waiting = 0 AND NOT ${isHeld(nowMs)} LIMIT 1)
      FROM holds WHERE ${isActive})
    ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at RETURNING job_id`);
  return rows.length;
}

/** Lets the next job probe the held providers of this capability's kind at once. False: nothing is held. */
export async function probeNow(
  session: Session,
  capability: PaidCapability,
  nowMs: number,
): Promise<boolean> {
  const rows = await session.run(sql`
    UPDATE holds SET probe_at = ${nowMs}, probes = 0
    WHERE ${isActive} AND kind = (SELECT kind FROM holds AS asked WHERE asked.capability = ${capability}
      AND asked.lifted_at IS NULL)
    RETURNING capability`);
  return rows.length > 0;
}

/** Whether the job waits for the end of a hold. */
export async function isJobHeld(session: Session, jobId: string, nowMs: number): Promise<boolean> {
  const rows = await session.run(sql`SELECT 1 FROM jobs WHERE jobs.id = ${jobId} AND ${isHeld(nowMs)}`);
  return rows.length > 0;
}

/** Jobs are counted up to this number. */
const mostCounted = 10_000;

/** SQL condition over `jobs`: the job waits for a worker, and its dream has all of its segments. */
export const isWaiting = sql`(jobs.status = 'queued' AND jobs.priority IN ('premium', 'standard') AND jobs.is_waiting = 0)`;

/** SQL value: the number of waiting jobs for which `when` (over `jobs`) is true. */
const countJobs = (when: SQL) => sql`(SELECT COUNT(*) FROM (
  SELECT 1 FROM jobs WHERE ${isWaiting} AND ${when} LIMIT ${mostCounted}))`;

/** The active holds with the jobs that wait for them. A job that waits for two holds counts for each. */
export const selectHolds = sql<HoldRow>`
  SELECT capability, code, since, probes, probe_at, ${countJobs(isNeeded)} AS held_jobs, EXISTS (
    SELECT 1 FROM jobs WHERE jobs.id = holds.probe_job_id AND jobs.attempt = holds.probe_attempt
      AND jobs.status = 'processing') AS probing
  FROM holds WHERE ${isActive} ORDER BY capability`;

/** The number of jobs that wait for a hold. Each counts once. */
export const countHeldJobs = sql<{ held_jobs: number }>`
  SELECT IIF(EXISTS (SELECT 1 FROM holds WHERE ${isActive}), ${countJobs(sql`NOT (${isNotHeld})`)}, 0) AS held_jobs`;

interface HoldRow {
  capability: OpsHold["capability"];
  code: string;
  since: number;
  probes: number;
  probe_at: number;
  held_jobs: number;
  /** 0 or 1. */
  probing: number;
}

/** The hold as operators read it. */
export const readHold = ({ since, probe_at, probing, ...row }: HoldRow): OpsHold => ({
  ...row,
  probing: probing === 1,
  since: new Date(since).toISOString(),
  next_probe_at: new Date(probe_at).toISOString(),
});

/**
 * SQL value over `jobs`: JSON of the code and the start of the first hold of a queued job; NULL without one.
 */
export const holdOfJob = sql<string | null>`IIF(jobs.status = 'queued' AND jobs.is_waiting = 0, (
  SELECT json_object('code', code, 'since', since) FROM holds WHERE ${isActive} AND ${isNeeded}
  ORDER BY capability LIMIT 1), NULL)`;
