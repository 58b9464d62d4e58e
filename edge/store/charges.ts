/**
 * The charge ledger in SQL: what becomes of a purchase that was claimed (claim-charges.ts). These statements
 * are parts of the batches that settle it and that change its job.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Settlement } from "../../contract/charge.ts";
import { type AttemptRef, holdsJob } from "./attempt.ts";

/** US dollars as whole millionths. */
export const microUsd = (usd: number) => Math.round(usd * 1_000_000);

/**
 * Settles purchases of the attempt that made them; null if there are none. A repeated settlement changes
 * nothing.
 */
export function settleCharges(settle: readonly Settlement[], ref: AttemptRef, nowMs: number): SQL | null {
  if (settle.length === 0) return null;
  return sql`
    UPDATE charges SET
      state = CASE line.outcome WHEN 'refused' THEN 'reserved' WHEN 'found' THEN 'paid'
        WHEN 'abandoned' THEN 'paid' ELSE line.outcome END,
      cost_micro_usd = CASE WHEN line.outcome IN ('paid', 'found') THEN line.cost
        WHEN line.outcome = 'abandoned' THEN charges.ceiling_micro_usd END,
      is_estimated = CASE WHEN line.outcome IN ('paid', 'found') THEN line.estimated
        ELSE line.outcome = 'abandoned' END,
      counted_micro_usd = CASE line.outcome WHEN 'paid' THEN line.cost WHEN 'found' THEN line.cost
        WHEN 'failed' THEN 0 ELSE counted_micro_usd END,
      request_id = COALESCE(line.request_id, charges.request_id),
      superseded_at = IIF(line.outcome IN ('unknown', 'abandoned'), ${nowMs}, NULL), updated_at = ${nowMs}
    FROM (
      SELECT value ->> '$.fingerprint' AS fingerprint, value ->> '$.outcome' AS outcome,
        value ->> '$.cost_micro_usd' AS cost, COALESCE(value ->> '$.estimated', 0) AS estimated,
        value ->> '$.request_id' AS request_id
      FROM json_each(${JSON.stringify(settle)})
    ) AS line
    WHERE ${isCurrent(ref, sql`= line.fingerprint`)}
      AND (charges.state = 'sent' OR (charges.state = 'reserved' AND line.outcome = 'failed'))
      AND (line.outcome = 'found' OR ${isOfAttempt(ref)})`;
}

/** SQL condition: a purchase of the attempt was begun or settled at `nowMs`. */
export const changedCharges = (
  { jobId, attempt }: AttemptRef,
  nowMs: number,
) => sql`EXISTS (SELECT 1 FROM charges
  WHERE charges.job_id = ${jobId} AND charges.attempt = ${attempt} AND charges.updated_at = ${nowMs})`;

/** SQL value over `jobs`: what the job's purchases have cost, those of unknown outcome included. */
export const spentOnJob = sql`(SELECT COALESCE(SUM(counted_micro_usd), 0) FROM charges
  WHERE charges.job_id = jobs.id AND charges.state IN ('paid', 'unknown'))`;

/**
 * Closes the charges of every job that `where` (over `jobs`) finds and whose work ends: reserved charges are
 * freed, and charges that were being bought stay unknown.
 */
export const closeCharges = (where: SQL, nowMs: number) => sql`
  UPDATE charges SET state = IIF(state = 'sent', 'unknown', 'failed'), updated_at = ${nowMs},
    counted_micro_usd = IIF(state = 'sent', counted_micro_usd, 0), superseded_at = IIF(state = 'sent', ${nowMs}, NULL)
  WHERE state IN ('reserved', 'sent') AND job_id IN (SELECT id FROM jobs WHERE ${where})`;

/**
 * Frees the reservations of jobs that go back to the queue. The next attempt settles what was being bought.
 */
export const freeReservations = (where: SQL, nowMs: number) => sql`
  UPDATE charges SET state = 'failed', counted_micro_usd = 0, updated_at = ${nowMs}
  WHERE state = 'reserved' AND job_id IN (SELECT id FROM jobs WHERE ${where})`;

const keepMs = 35 * 24 * 3600_000;

/** Keeps the charges of deleted jobs (a list in SQL) until no budget counts them any more. */
export const expireCharges = (jobs: SQL, nowMs: number) => sql`
  UPDATE charges SET expires_at = ${nowMs + keepMs} WHERE job_id IN ${jobs}`;

/** Deletes at most `limit` expired charges. */
export const pruneCharges = (nowMs: number, limit: number) => sql`
  DELETE FROM charges WHERE id IN (SELECT id FROM charges WHERE expires_at <= ${nowMs} LIMIT ${limit})`;

/** SQL value: the owner of the job, if the attempt holds it; else NULL. */
export const ownerOfHeld = (ref: AttemptRef) => sql`(SELECT jobs.owner_id FROM jobs WHERE ${holdsJob(ref)})`;

/** SQL condition over `charges`: the owner's newest charge for an asset. */
export const isCurrent = (ref: AttemptRef, fingerprint: SQL) => sql`charges.owner_id = ${ownerOfHeld(ref)}
  AND charges.fingerprint ${fingerprint} AND charges.superseded_at IS NULL`;

/** SQL condition over `charges`: the attempt made the charge. */
export const isOfAttempt = ({ jobId, attempt }: AttemptRef) =>
  sql`(charges.job_id = ${jobId} AND charges.attempt = ${attempt})`;
