/** What a worker reports about its attempt: how far it is, and its end. */
import { type SQL, sql } from "drizzle-orm";
import type { WorkerEvent } from "../../contract/event.ts";
import type { ProgressReport } from "../../contract/internal.ts";
import { Stage } from "../../contract/job.ts";
import { hasVisibleText } from "../../contract/visible-text.ts";
import { firstFrame } from "../metrics/figures.ts";
import { type AttemptRef, type AttemptState, holdsJob, renewedLease, selectState } from "./attempt.ts";
import { changedCharges, microUsd, settleCharges, spentOnJob } from "./charges.ts";
import { observe } from "./counters.ts";
import { ownersOf } from "./deliveries.ts";
import { appendWorkerEvents } from "./events.ts";
import { liftedBy, liftHolds } from "./holds.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";
import { noteAssets } from "./purges.ts";
import { endJobs, type JobEnd } from "./transitions/end-job.ts";
import { isWatched } from "./watched.ts";

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
function keepTitle({ events }: ReadReport, ref: AttemptRef): SQL | null {
  const storyboard = events.findLast(({ event }) => event.type === "job.storyboard")?.event;
  if (storyboard?.type !== "job.storyboard" || !hasVisibleText(storyboard.data.title)) return null;
  return sql`UPDATE dreams SET storyboard_title = ${storyboard.data.title}
    WHERE id = (SELECT dream_id FROM jobs WHERE ${holdsJob(ref)})`;
}

const isPlayable = ({ events }: ReadReport) => events.some(({ event }) => event.type === "film.playable");

const playableAt = (report: ReadReport, nowMs: number): SQL =>
  isPlayable(report) ? sql`COALESCE(playable_at, ${nowMs})` : sql`playable_at`;

const order = JSON.stringify(Object.fromEntries(Stage.options.map((stage, place) => [stage, place])));
const rank = (stage: ReturnType<typeof sql>) => sql`(${order} ->> ${stage})`;
