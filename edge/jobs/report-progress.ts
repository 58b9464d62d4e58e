import type { ProgressAnswer, ProgressReport } from "../../contract/internal.ts";
import { ApiError } from "../errors/api-error.ts";
import { type Hold, refusalOf } from "../store/hold.ts";
import type { Session } from "../store/open.ts";
import { recordProgress } from "../store/progress.ts";

/**
 * Takes a worker's report: heartbeat and log in one. Says whose dream it is about.
 *
 * @throws ApiError `job.fenced`, `job.finished` or `job.cancelled`: the worker shall stop and touch nothing
 */
export async function reportProgress(
  session: Session,
  hold: Hold,
  report: ProgressReport,
  nowMs: number,
): Promise<{ answer: ProgressAnswer; dreamId: string }> {
  const { before, leaseEndsAt } = await recordProgress(session, hold, report, nowMs);
  const refusal = refusalOf(before, hold);
  if (refusal !== null) throw new ApiError(refusal);
  return { answer: { lease_ms: Math.max(1, leaseEndsAt - nowMs) }, dreamId: before.dream_id ?? "" };
}
