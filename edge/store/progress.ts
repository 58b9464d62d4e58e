import { type SQL, sql } from "drizzle-orm";
import type { WorkerEvent } from "../../contract/event.ts";
import type { ProgressReport } from "../../contract/internal.ts";
import { Stage } from "../../contract/job.ts";
import { changedCharges, settleCharges, spentOnJob } from "./charges.ts";
import { appendWorkerEvents } from "./events.ts";
import { type Hold, holds, readStanding, type Standing } from "./hold.ts";
import { noteAssets } from "./job-assets.ts";
import { renewedLease } from "./leases.ts";
import { takeNonce } from "./nonces.ts";
import { firstOf, type Session } from "./open.ts";

/** A report without the events that this edge cannot read. */
export type ReadReport = Omit<ProgressReport, "events"> & { events: { n: number; event: WorkerEvent }[] };

/**
 * Renews the lease, as long as the attempt gets further, and notes how far the attempt is, if it holds the job. Nothing goes back: of an older and a newer
 * report that arrive in the wrong order, the furthest numbers stand. Each numbered event is stored once.
 * An attempt that gets further than any before it proves that the job can be done: failures are counted anew from there,
 * so that a job fails by what kills its workers at one place, and not by machines that come and go.
 */
export async function recordProgress(
  session: Session,
  hold: Hold,
  report: ReadReport,
  nowMs: number,
): Promise<{ before: Standing; leaseEndsAt: number }> {
  const progressedAt = sql`IIF(${getsFurther(report, hold, nowMs)}, ${nowMs}, COALESCE(progressed_at, ${nowMs}))`;
  const { before, job } = await session.batch({
    nonce: takeNonce(hold.nonce, nowMs),
    events: report.events.length > 0 ? appendWorkerEvents(report.events, nowMs, holds(hold)) : null,
    charges: settleCharges(report.charges, hold, nowMs),
    assets: noteAssets(hold.jobId, report.assets, hold.nonce),
    job: sql<{ lease_expires_at: number }>`
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
      WHERE ${holds(hold)} RETURNING lease_expires_at`,
    before: readStanding(hold),
  });
  return {
    before: firstOf(before),
    leaseEndsAt: job[0]?.lease_expires_at ?? nowMs,
  };
}

/**
 * SQL condition over `jobs`, before its update and after the report's events and purchases were stored: the report says
 * something new. Percent counts only beyond what an earlier attempt had reached.
 */
const getsFurther = (report: ReadReport, hold: Hold, nowMs: number) => sql`(
  ${rank(sql`stage`)} < ${rank(sql`${report.stage}`)} OR progress < ${report.progress}
  OR scenes_ready < ${report.scenes_ready}
  OR (SELECT at FROM events WHERE events.job_id = jobs.id ORDER BY seq DESC LIMIT 1) = ${nowMs}
  OR ${changedCharges(hold, nowMs)})`;

/**
 * Which files there are now. A worker reports `film.playable` when playlist and poster are in R2, and `film.preview`
 * when the low-resolution film is whole.
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

const playableAt = ({ events }: ReadReport, nowMs: number): SQL =>
  events.some(({ event }) => event.type === "film.playable")
    ? sql`COALESCE(playable_at, ${nowMs})`
    : sql`playable_at`;

/** Millionths of a US dollar, whole. */
export const microUsd = (usd: number) => Math.round(usd * 1_000_000);

const order = JSON.stringify(Object.fromEntries(Stage.options.map((stage, place) => [stage, place])));
const rank = (stage: ReturnType<typeof sql>) => sql`(${order} ->> ${stage})`;
