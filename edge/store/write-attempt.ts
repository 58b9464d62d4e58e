/** What a worker writes about its attempt: the claim, reports of its progress, and the end of the job. */
import { type SQL, sql } from "drizzle-orm";
import type { WorkerEvent } from "../../contract/event.ts";
import type { Priority } from "../../contract/film.ts";
import { type JobStatus, Stage } from "../../contract/job.ts";
import type { JobKind } from "../../contract/job-kind.ts";
import { maxFailedAttempts } from "../../contract/limits.ts";
import type { ProgressReport } from "../../contract/report.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { firstFrame } from "../metrics/figures.ts";
import { type AttemptRef, type AttemptState, holdsJob, renewedLease, selectState } from "./attempt.ts";
import { keepCast } from "./cast.ts";
import { changedCharges, microUsd, settleCharges, spentOnJob } from "./charges.ts";
import { observe } from "./counters.ts";
import { ownersOf } from "./deliveries.ts";
import { appendWorkerEvents } from "./events.ts";
import { isHeld, liftedBy, liftHolds, noteProbe, parkMessage } from "./holds.ts";
import { isOurs, jobOf, type Nonce, takeNonce, takeNonceFor } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { noteAssets } from "./purges.ts";
import { claimJobs } from "./transitions/change-jobs.ts";
import { endJobs, type JobEnd } from "./transitions/end-job.ts";
import { type Pause, pauseJobs } from "./transitions/pause-jobs.ts";
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

/** A report without the events that this edge cannot read. */
export type ReadReport = Omit<ProgressReport, "attempt" | "events"> & {
  events: { n: number; event: WorkerEvent }[];
};

/**
 * Stores a report if the attempt holds the job. Gives the end of its lease, and whether the dream's channel
 * has listeners.
 */
export async function recordProgress(
  session: Session,
  ref: AttemptRef,
  report: ReadReport,
  nowMs: number,
): Promise<{ before: AttemptState; leaseEndsAt: number; lifted: string[]; isWatched: boolean }> {
  const { before, stored } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    stored: storeReport(ref, report, nowMs),
    before: selectState(ref),
  });
  const [job] = stored.job;
  return {
    before: firstOf(before),
    leaseEndsAt: job?.lease_expires_at ?? nowMs,
    lifted: liftedBy(stored.holds),
    isWatched: job?.is_watched === 1,
  };
}

/**
 * Ends the job once, if the attempt holds it, after `lastReport` is stored. Gives the state before, the
 * owners whose webhooks have a message about the end, and the capabilities whose jobs are held no longer,
 * because the last report says that a purchase succeeded.
 */
export async function endAttempt(
  session: Session,
  ref: AttemptRef,
  end: JobEnd,
  lastReport: ReadReport | null,
  nowMs: number,
): Promise<{ before: AttemptState; owners: string[]; lifted: string[] }> {
  const { before, last, ended } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    last: lastReport && storeReport(ref, lastReport, nowMs),
    ended: endJobs(holdsJob(ref), end, nowMs),
  });
  const lifted = Array.isArray(last) ? [] : liftedBy(last.holds);
  return { before: firstOf(before), owners: ownersOf(ended.deliveries), lifted };
}

/**
 * Ends the attempt, if it holds the job, so that the job waits for its owner's approval. Gives the state
 * before, and the owners whose webhooks have a message about it.
 */
export async function pauseAttempt(
  session: Session,
  ref: AttemptRef,
  pause: Pause,
  nowMs: number,
): Promise<{ before: AttemptState; owners: string[] }> {
  const { before, paused } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    paused: pauseJobs(holdsJob(ref), pause, nowMs),
  });
  return { before: firstOf(before), owners: ownersOf(paused.deliveries) };
}

/**
 * The statements that store a report if the attempt holds the job: it renews the lease while there is
 * progress, and stores how far the attempt is. No value goes back: if two reports arrive in the wrong order,
 * the larger numbers stay. Each numbered event is stored once. An attempt that gets further than any before
 * it resets the count of failures, so that a job fails by what kills its workers at one place and not by
 * machines that come and go.
 */
function storeReport(ref: AttemptRef, report: ReadReport, nowMs: number) {
  const progressedAt = sql`IIF(${getsFurther(report, ref, nowMs)}, ${nowMs}, COALESCE(progressed_at, ${nowMs}))`;
  return {
    events: report.events.length > 0 ? appendWorkerEvents(report.events, nowMs, holdsJob(ref)) : null,
    charges: settleCharges(report.charges, ref, nowMs),
    title: keepTitle(report, ref),
    cast: keepCast(storyboardOf(report)?.cast ?? [], ref, nowMs),
    holds: liftHolds(report.charges, ref, nowMs),
    assets: noteAssets(ref.jobId, report.assets, ref.nonce),
    firstFrame: isPlayable(report)
      ? observe(firstFrame, sql`''`, sql`${holdsJob(ref)} AND jobs.playable_at IS NULL`, nowMs)
      : null,
    job: sql<{ lease_expires_at: number; is_watched: number }>`
      UPDATE jobs SET
        lease_expires_at = ${renewedLease(progressedAt, nowMs)}, progressed_at = ${progressedAt},
        stage = IIF(${rank(sql`stage`)} < ${rank(sql`${report.stage}`)}, ${report.stage}, stage),
        progress = MAX(progress, ${report.progress}),
        failed_attempts = IIF(${report.progress} > progress, 0, failed_attempts),
        scenes_total = COALESCE(${report.scenes_total}, scenes_total),
        scenes_ready = MAX(scenes_ready, ${report.scenes_ready}),
        cost_micro_usd = MAX(cost_micro_usd, ${microUsd(report.cost_usd)}, ${spentOnJob}),
        files = ${filesAfter(report)},
        playable_at = ${playableAt(report, nowMs)}
      WHERE ${holdsJob(ref)} RETURNING lease_expires_at, ${isWatched(nowMs)} AS is_watched`,
  };
}

/**
 * SQL condition over `jobs`, before its update and after the report's events and purchases were stored: the
 * report contains progress. Percent counts only beyond what an earlier attempt had reached.
 */
const getsFurther = (report: ReadReport, ref: AttemptRef, nowMs: number) => sql`(
  ${rank(sql`stage`)} < ${rank(sql`${report.stage}`)} OR progress < ${report.progress}
  OR scenes_ready < ${report.scenes_ready}
  OR (SELECT at FROM events WHERE events.job_id = jobs.id ORDER BY seq DESC LIMIT 1) = ${nowMs}
  OR ${changedCharges(ref, nowMs)})`;

/**
 * Which files there are now. A worker reports `film.playable` when playlist and poster are in R2, and
 * `film.preview` when the low-resolution film is whole.
 */
function filesAfter({ events }: ReadReport): SQL {
  const types = new Set(events.map(({ event }) => event.type));
  const there = {
    ...(types.has("film.playable") ? { hls: true, poster: true } : {}),
    ...(types.has("film.preview") ? { preview: true } : {}),
  };
  if (Object.keys(there).length === 0) return sql`files`;
  return sql`json_patch(COALESCE(files, '{}'), ${JSON.stringify(there)})`;
}

/** Stores the title of a reported storyboard at the dream; null if the report has none. */
function keepTitle(report: ReadReport, ref: AttemptRef): SQL | null {
  const storyboard = storyboardOf(report);
  if (storyboard === null || !hasVisibleText(storyboard.title)) return null;
  return sql`UPDATE dreams SET storyboard_title = ${storyboard.title}
    WHERE id = (SELECT dream_id FROM jobs WHERE ${holdsJob(ref)})`;
}

/** The storyboard that the report tells of; null if it tells of none. */
function storyboardOf({ events }: ReadReport): Storyboard | null {
  const told = events.findLast(({ event }) => event.type === "job.storyboard")?.event;
  return told?.type === "job.storyboard" ? told.data : null;
}

const isPlayable = ({ events }: ReadReport) => events.some(({ event }) => event.type === "film.playable");

const playableAt = (report: ReadReport, nowMs: number): SQL =>
  isPlayable(report) ? sql`COALESCE(playable_at, ${nowMs})` : sql`playable_at`;

const order = JSON.stringify(Object.fromEntries(Stage.options.map((stage, place) => [stage, place])));
const rank = (stage: ReturnType<typeof sql>) => sql`(${order} ->> ${stage})`;
