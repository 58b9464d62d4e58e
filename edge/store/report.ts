/** What a worker reports of its attempt, as statements and as a batch of its own. */
import { type SQL, sql } from "drizzle-orm";
import type { WorkerEvent } from "../../contract/event.ts";
import { Stage } from "../../contract/job.ts";
import type { ProgressReport } from "../../contract/report.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { firstFrame } from "../metrics/figures.ts";
import { type AttemptRef, type AttemptState, holdsJob, renewedLease, selectState } from "./attempt.ts";
import { keepCast } from "./cast.ts";
import { changedCharges, microUsd, settleCharges, spentOnJob } from "./charges.ts";
import { observe } from "./counters.ts";
import { appendWorkerEvents } from "./events.ts";
import { liftedBy, liftHolds } from "./holds.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Rows, type Session } from "./open.ts";
import { noteAssets } from "./purges.ts";
import { isWatched } from "./watched.ts";

/** A report without the events that this edge cannot read. */
export type ReadReport = Omit<ProgressReport, "attempt" | "events"> & {
  events: { n: number; event: WorkerEvent }[];
};

export interface StoredReport {
  /** The end of the lease. Milliseconds since 1970. */
  leaseEndsAt: number;
  /** The capabilities whose jobs are held no longer, because the report says that a purchase succeeded. */
  lifted: string[];
  /** The dream's channel has listeners. */
  isWatched: boolean;
}

/** Stores a report if the attempt holds the job. */
export async function recordProgress(
  session: Session,
  ref: AttemptRef,
  report: ReadReport,
  nowMs: number,
): Promise<{ before: AttemptState; stored: StoredReport }> {
  const { before, stored } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    stored: storeReport(ref, report, nowMs),
    before: selectState(ref),
  });
  return { before: firstOf(before), stored: readStored(stored, nowMs) };
}

/** What the rows of `storeReport` say. */
export function readStored(
  { job: [job], holds }: Rows<ReturnType<typeof storeReport>>,
  nowMs: number,
): StoredReport {
  return {
    leaseEndsAt: job?.lease_expires_at ?? nowMs,
    lifted: liftedBy(holds),
    isWatched: job?.is_watched === 1,
  };
}

/**
 * The statements that store a report if the attempt holds the job: it renews the lease while there is
 * progress, and stores how far the attempt is. No value goes back: if two reports arrive in the wrong order,
 * the larger numbers stay. Each numbered event is stored once. An attempt that gets further than any before
 * it resets the count of failures, so that a job fails by what kills its workers at one place and not by
 * machines that come and go.
 */
export function storeReport(ref: AttemptRef, report: ReadReport, nowMs: number) {
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
