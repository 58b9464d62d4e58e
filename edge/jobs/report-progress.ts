import type { ProgressAnswer, ProgressReport } from "../../contract/internal.ts";
import { ApiError } from "../errors/api-error.ts";
import { type AttemptRef, refusalOf } from "../store/attempt.ts";
import type { Session } from "../store/open.ts";
import { type ReadReport, recordProgress } from "../store/progress.ts";

/**
 * Takes a worker's report: heartbeat and log in one. Says whose dream it is about.
 *
 * @throws ApiError `job.fenced`, `job.finished` or `job.cancelled`: the worker shall stop and touch nothing
 */
export async function reportProgress(
  session: Session,
  ref: AttemptRef,
  report: ProgressReport,
  nowMs: number,
): Promise<{ answer: ProgressAnswer; dreamId: string }> {
  const { before, leaseEndsAt } = await recordProgress(session, ref, onlyReadable(report), nowMs);
  const refusal = refusalOf(before, ref);
  if (refusal !== null) throw new ApiError(refusal);
  noteUnreadable(ref.jobId, report);
  return { answer: { lease_ms: Math.max(1, leaseEndsAt - nowMs) }, dreamId: before.dream_id ?? "" };
}

const onlyReadable = (report: ProgressReport): ReadReport => ({
  ...report,
  events: report.events.flatMap(({ n, event }) => (event === null ? [] : [{ n, event }])),
});

/** Jobs whose unreadable events this isolate has logged; the oldest are forgotten. */
const noted = new Set<string>();
const notedAtMost = 1_000;

/** Logs once a job and isolate that a worker's events are dropped, because it is newer than this edge. */
function noteUnreadable(jobId: string, { events, attempt }: ProgressReport): void {
  const dropped = events.filter(({ event }) => event === null).length;
  if (dropped === 0 || noted.has(jobId)) return;
  for (const oldest of noted) if (noted.size >= notedAtMost) noted.delete(oldest);
  noted.add(jobId);
  console.warn(JSON.stringify({ event: "report.events_dropped", job_id: jobId, attempt, dropped }));
}
