/** A worker's report of its attempt. */
import type { CarriedReport, ProgressAnswer, ProgressReport } from "../../contract/report.ts";
import { notifyChannel } from "../channel/notify.ts";
import type { AttemptRef } from "../store/attempt.ts";
import { type ReadReport, recordProgress, type StoredReport } from "../store/report.ts";
import type { JobContext } from "./after-transition.ts";
import { requireHeld } from "./attempt.ts";
import { resumeQueue } from "./hold.ts";
import { watchLease } from "./watch-lease.ts";

/**
 * Stores a worker's report, which is heartbeat and log in one. The job's state does not change, so only
 * listeners are notified.
 *
 * @throws ApiError `job.fenced`, `job.finished` or `job.cancelled`: the worker must stop and change nothing
 */
export async function reportProgress(
  context: JobContext,
  ref: AttemptRef,
  report: ProgressReport,
): Promise<ProgressAnswer> {
  const { session, now } = context;
  const nowMs = now();
  const { before, stored } = await recordProgress(session, ref, readReport(ref, report), nowMs);
  requireHeld(before, ref);
  resumeQueue(context, stored.lifted);
  return afterReport(context, ref, before.dream_id, report, stored, nowMs);
}

/** Notifies listeners of a report that D1 has stored at `nowMs`, and gives its answer. */
export function afterReport(
  { env, now, defer }: JobContext,
  { jobId, attempt }: AttemptRef,
  dreamId: string | null,
  report: CarriedReport,
  { leaseEndsAt, isWatched }: StoredReport,
  nowMs: number,
): ProgressAnswer {
  watchLease(env, defer, now());
  const { stage, progress, scenes_total, scenes_ready, cost_usd } = report;
  if (isWatched)
    notifyChannel(env, defer, {
      dreamId: dreamId ?? "",
      changed: report.events.length > 0,
      live: { jobId, attempt, stage, progress, scenes_total, scenes_ready, cost_usd },
    });
  return { lease_ms: Math.max(1, leaseEndsAt - nowMs), watched: isWatched, asks_for_reports: true };
}

/** The report without the events that this edge cannot read, which it logs. */
export function readReport(ref: AttemptRef, report: CarriedReport): ReadReport {
  const events = report.events.flatMap(({ n, event }) => (event === null ? [] : [{ n, event }]));
  noteDropped(ref, report.events.length - events.length);
  return { ...report, events };
}

/** Jobs whose unreadable events this isolate has logged; the oldest are forgotten. */
const noted = new Set<string>();

const notedAtMost = 1_000;

/** Logs, once for each job and isolate, that events of a worker that is newer than this edge are dropped. */
function noteDropped({ jobId, attempt }: AttemptRef, dropped: number): void {
  if (dropped === 0 || noted.has(jobId)) return;
  for (const oldest of noted) if (noted.size >= notedAtMost) noted.delete(oldest);
  noted.add(jobId);
  console.warn(JSON.stringify({ event: "report.events_dropped", job_id: jobId, attempt, dropped }));
}
