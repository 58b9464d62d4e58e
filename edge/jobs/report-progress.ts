import type { LastReport, ProgressAnswer, ProgressReport } from "../../contract/internal.ts";
import { notifyChannel } from "../channel/notify.ts";
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, problemOf } from "../store/attempt.ts";
import { type ReadReport, recordProgress } from "../store/progress.ts";
import type { JobContext } from "./after-transition.ts";
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
  const { env, session, now, defer } = context;
  const nowMs = now();
  const { before, leaseEndsAt, lifted, isWatched } = await recordProgress(
    session,
    ref,
    readReport(ref, report),
    nowMs,
  );
  const problem = problemOf(before, ref);
  if (problem !== null) throw new ApiError(problem);
  resumeQueue(context, lifted);
  watchLease(env, defer, now());
  const { attempt, stage, progress, scenes_total, scenes_ready, cost_usd } = report;
  if (isWatched)
    notifyChannel(env, defer, {
      dreamId: before.dream_id ?? "",
      changed: report.events.length > 0,
      live: { jobId: ref.jobId, attempt, stage, progress, scenes_total, scenes_ready, cost_usd },
    });
  return { lease_ms: Math.max(1, leaseEndsAt - nowMs), watched: isWatched };
}

/** The report without the events that this edge cannot read, which it logs. */
export function readReport(ref: AttemptRef, report: LastReport): ReadReport {
  noteUnreadable(ref, report);
  const events = report.events.flatMap(({ n, event }) => (event === null ? [] : [{ n, event }]));
  return { ...report, events };
}

/** Jobs whose unreadable events this isolate has logged; the oldest are forgotten. */
const noted = new Set<string>();
const notedAtMost = 1_000;

/** Logs, once for each job and isolate, that events of a worker that is newer than this edge are dropped. */
function noteUnreadable({ jobId, attempt }: AttemptRef, { events }: LastReport): void {
  const dropped = events.filter(({ event }) => event === null).length;
  if (dropped === 0 || noted.has(jobId)) return;
  for (const oldest of noted) if (noted.size >= notedAtMost) noted.delete(oldest);
  noted.add(jobId);
  console.warn(JSON.stringify({ event: "report.events_dropped", job_id: jobId, attempt, dropped }));
}
