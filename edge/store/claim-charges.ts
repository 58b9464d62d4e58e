/**
 * A claim of purchases. It is one batch: it stores the attempt's report, settles earlier purchases, closes
 * what dead attempts left, admits new charges while both budgets last, and marks those that are bought now.
 * D1 runs one batch at a time, so two concurrent claims never get the same money or the same asset.
 */
import { type SQL, sql } from "drizzle-orm";
import { type ChargeState, unknownsThatFail } from "../../contract/charge.ts";
import type { ChargeRequest } from "../../contract/charge-request.ts";
import { type AttemptRef, type AttemptState, holdsJob, leaseEnd, selectState } from "./attempt.ts";
import { changedCharges, isCurrent, isOfAttempt, ownerOfHeld, settleCharges, spentOnJob } from "./charges.ts";
import { liftedBy, liftHolds } from "./holds.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { noteAssets } from "./purges.ts";
import { type ReadReport, readStored, type StoredReport, storeReport } from "./report.ts";

/** The state of an asset's newest charge, for the attempt that asked. */
export interface ChargeRow {
  fingerprint: string;
  /** Null: the asset was never bought, or it was not admitted. */
  state: ChargeState | null;
  /** 1: the charge belongs to this attempt. */
  ours: number;
  /** 1: the charge belongs to another job, which is being made. */
  held: number;
  /** The number of this job's purchases of unknown outcome. */
  unknowns: number;
}

/** What may still be spent, in millionths of a dollar. Null: no limit. */
export interface BudgetRow {
  job_left: number | null;
  owner_left: number | null;
}

export interface ClaimedCharges {
  before: AttemptState;
  /** Null: there was no report. */
  stored: StoredReport | null;
  rows: ChargeRow[];
  budget: BudgetRow;
  /** The capabilities whose jobs are held no longer. */
  lifted: string[];
}

const dayMs = 24 * 3600_000;
const dayOf = (nowMs: number) => Math.floor(nowMs / dayMs);

/**
 * Stores the attempt's report, claims purchases for it, and gives the state of each asset and of the budgets.
 *
 * @param dailyMicroUsd the daily budget of an owner without an own one, in millionths of a dollar; null: no
 * limit
 */
export async function claimCharges(
  session: Session,
  ref: AttemptRef,
  { settle, reserve, send }: Pick<ChargeRequest, "settle" | "reserve" | "send">,
  report: ReadReport | null,
  dailyMicroUsd: number | null,
  nowMs: number,
): Promise<ClaimedCharges> {
  const asked = [...new Set([...reserve.map(({ fingerprint }) => fingerprint), ...send])];
  const { before, reported, rows, budget, holds } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    // First, because what it tells happened before what is asked now.
    reported: report && storeReport(ref, report, nowMs),
    settled: settleCharges(settle, ref, nowMs),
    holds: liftHolds(settle, ref, nowMs),
    assets: noteAssets(
      ref.jobId,
      reserve.map(({ fingerprint }) => fingerprint),
      ref.nonce,
    ),
    stale: reserve.length > 0 ? releaseStale(ref, nowMs) : null,
    dead: reserve.length > 0 ? closeDead(asked, ref, nowMs) : null,
    gone: closeGone(
      reserve.filter(({ gone }) => gone).map(({ fingerprint }) => fingerprint),
      ref,
      nowMs,
    ),
    admitted: reserve.length > 0 ? admit(reserve, ref, dailyMicroUsd, nowMs) : null,
    sent:
      send.length > 0
        ? sql`
        UPDATE charges SET state = 'sent', tries = tries + 1, updated_at = ${nowMs}
        WHERE ${isCurrent(ref, inList(send))} AND state = 'reserved' AND ${isOfAttempt(ref)}`
        : null,
    job: sql`
      UPDATE jobs SET cost_micro_usd = MAX(cost_micro_usd, ${spentOnJob}),
        progressed_at = IIF(${changedCharges(ref, nowMs)}, ${nowMs}, progressed_at),
        lease_expires_at = IIF(${changedCharges(ref, nowMs)}, ${leaseEnd(nowMs)}, lease_expires_at)
      WHERE ${holdsJob(ref)}`,
    rows: sql<ChargeRow>`
      SELECT line.value AS fingerprint, known.state AS state,
        known.job_id = ${ref.jobId} AND known.attempt = ${ref.attempt} AS ours,
        ${isAlive("known", ref, nowMs)} AS held, ${unknownsOf(ref, sql`line.value`)} AS unknowns
      FROM json_each(${JSON.stringify(asked)}) AS line
      LEFT JOIN charges AS known ON known.owner_id = ${ownerOfHeld(ref)} AND known.fingerprint = line.value
        AND known.superseded_at IS NULL`,
    budget: sql<BudgetRow>`
      SELECT ${jobLeft} AS job_left, ${ownerLeft(dailyMicroUsd, nowMs)} AS owner_left FROM jobs WHERE ${holdsJob(ref)}`,
  });
  const stored = Array.isArray(reported) ? null : readStored(reported, nowMs);
  return {
    before: firstOf(before),
    stored,
    rows,
    budget: budget[0] ?? { job_left: null, owner_left: null },
    lifted: [...(stored?.lifted ?? []), ...liftedBy(holds)],
  };
}

/** Frees what earlier attempts of this job had reserved and not bought. */
const releaseStale = (ref: AttemptRef, nowMs: number) => sql`
  UPDATE charges SET state = 'failed', counted_micro_usd = 0, updated_at = ${nowMs}
  WHERE job_id = ${ref.jobId} AND attempt < ${ref.attempt} AND state = 'reserved'
    AND EXISTS (SELECT 1 FROM jobs WHERE ${holdsJob(ref)})`;

/**
 * Of the requested assets, closes charges of ended attempts: unknown if the provider may have been asked,
 * else free.
 */
const closeDead = (asked: readonly string[], ref: AttemptRef, nowMs: number) => sql`
  UPDATE charges SET state = IIF(state = 'sent', 'unknown', 'failed'), updated_at = ${nowMs},
    counted_micro_usd = IIF(state = 'sent', counted_micro_usd, 0), superseded_at = IIF(state = 'sent', ${nowMs}, NULL)
  WHERE ${isCurrent(ref, inList(asked))} AND state IN ('reserved', 'sent') AND NOT (${isOfAttempt(ref)})
    AND NOT ${isAlive("charges", ref, nowMs)}`;

/**
 * An asset that was paid for and no longer exists: its charge stays in the books, and it may be bought again.
 */
const closeGone = (gone: readonly string[], ref: AttemptRef, nowMs: number) =>
  gone.length === 0
    ? null
    : sql`
      UPDATE charges SET superseded_at = ${nowMs}, updated_at = ${nowMs}
      WHERE ${isCurrent(ref, inList(gone))} AND state = 'paid'`;

/** Reserves, in the requested order, as many as the job's and the owner's budget have room for. */
function admit(
  reserve: ChargeRequest["reserve"],
  ref: AttemptRef,
  dailyMicroUsd: number | null,
  nowMs: number,
): SQL {
  return sql`
    INSERT INTO charges (owner_id, fingerprint, job_id, attempt, capability, scene, model, state,
      ceiling_micro_usd, counted_micro_usd, day, created_at, updated_at)
    SELECT owner_id, fingerprint, job_id, attempt, capability, scene, model, 'reserved',
      ceiling, ceiling, ${dayOf(nowMs)}, ${nowMs}, ${nowMs}
    FROM (
      SELECT jobs.owner_id AS owner_id, jobs.id AS job_id, jobs.attempt AS attempt,
        line.value ->> '$.fingerprint' AS fingerprint, line.value ->> '$.capability' AS capability,
        line.value ->> '$.scene' AS scene, line.value ->> '$.model' AS model,
        line.value ->> '$.ceiling_micro_usd' AS ceiling,
        SUM(line.value ->> '$.ceiling_micro_usd') OVER (ORDER BY line.key) AS running,
        ${jobLeft} AS job_left, ${ownerLeft(dailyMicroUsd, nowMs)} AS owner_left
      FROM jobs, json_each(${JSON.stringify(reserve)}) AS line
      WHERE ${holdsJob(ref)} AND ${unknownsOf(ref, sql`(line.value ->> '$.fingerprint')`)} < ${unknownsThatFail}
        AND NOT EXISTS (
          SELECT 1 FROM charges AS known WHERE known.owner_id = jobs.owner_id AND known.superseded_at IS NULL
            AND known.fingerprint = (line.value ->> '$.fingerprint') AND known.state <> 'failed'
        )
    ) AS fresh
    WHERE (job_left IS NULL OR running <= job_left) AND (owner_left IS NULL OR running <= owner_left)
    ON CONFLICT (owner_id, fingerprint) WHERE superseded_at IS NULL DO UPDATE SET
      job_id = excluded.job_id, attempt = excluded.attempt, capability = excluded.capability,
      scene = excluded.scene, model = excluded.model, state = 'reserved', cost_micro_usd = NULL,
      is_estimated = 0,
      ceiling_micro_usd = excluded.ceiling_micro_usd, counted_micro_usd = excluded.counted_micro_usd,
      day = excluded.day, updated_at = excluded.updated_at, expires_at = NULL`;
}

/**
 * The client's limit, or else the upper bound of the estimate at the time of the request. A job that shows
 * another take may spend nothing.
 */
const maxOfJob = sql`IIF(jobs.input ->> '$.chosen' IS NOT NULL, 0,
  COALESCE(CAST(ROUND((jobs.input ->> '$.options.max_cost_usd') * 1000000) AS INTEGER),
    jobs.input ->> '$.at_most_micro_usd'))`;
const jobLeft = sql`(${maxOfJob} -
  (SELECT COALESCE(SUM(counted_micro_usd), 0) FROM charges AS spent WHERE spent.job_id = jobs.id))`;
const ownerLeft = (dailyMicroUsd: number | null, nowMs: number) => sql`(
  COALESCE((SELECT daily_micro_usd FROM budgets WHERE budgets.owner_id = jobs.owner_id), ${dailyMicroUsd}) -
  (SELECT COALESCE(SUM(counted_micro_usd), 0) FROM charges AS spent
    WHERE spent.owner_id = jobs.owner_id AND spent.day = ${dayOf(nowMs)}))`;

const inList = (fingerprints: readonly string[]) =>
  sql`IN (SELECT value FROM json_each(${JSON.stringify(fingerprints)}))`;

const isAlive = (charge: "charges" | "known", { jobId }: AttemptRef, nowMs: number) => sql`EXISTS (
  SELECT 1 FROM jobs AS holder WHERE holder.id = ${sql.raw(charge)}.job_id AND holder.id <> ${jobId}
    AND holder.attempt = ${sql.raw(charge)}.attempt AND holder.status = 'processing'
    AND holder.lease_expires_at > ${nowMs})`;

const unknownsOf = ({ jobId }: AttemptRef, fingerprint: SQL) => sql`(SELECT COUNT(*) FROM charges AS lost
  WHERE lost.job_id = ${jobId} AND lost.fingerprint = ${fingerprint} AND lost.state = 'unknown')`;
