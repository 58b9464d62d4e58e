import { unknownsThatFail } from "../../contract/charge.ts";
import type { ChargeAnswer, ChargeDecision, ChargeRequest } from "../../contract/charge-request.ts";
import type { AttemptRef } from "../store/attempt.ts";
import { type BudgetRow, type ChargeRow, claimCharges as claimRows } from "../store/claim-charges.ts";
import type { JobContext } from "./after-transition.ts";
import { requireHeld } from "./attempt.ts";
import { resumeQueue } from "./hold.ts";
import { afterReport, readReport } from "./report-progress.ts";

/**
 * Stores the request's report, and decides for each asset whether the attempt may buy it.
 *
 * @throws ApiError `job.fenced`, `job.finished` or `job.cancelled` if the attempt no longer holds the job
 */
export async function claimCharges(
  context: JobContext,
  ref: AttemptRef,
  request: ChargeRequest,
  dailyMicroUsd: number | null,
): Promise<ChargeAnswer> {
  const { session, now } = context;
  const { report } = request;
  const read = report && readReport(ref, report);
  const nowMs = now();
  const claimed = await claimRows(session, ref, request, read, dailyMicroUsd, nowMs);
  const { before, stored, rows, budget, lifted } = claimed;
  requireHeld(before, ref);
  resumeQueue(context, lifted);
  const reported =
    report && stored ? afterReport(context, ref, before.dream_id, report, stored, nowMs) : null;
  const charges = rows.map((row) => ({ fingerprint: row.fingerprint, decision: decide(row) }));
  const isShort = charges.some(({ decision }) => decision === "over_budget");
  return { charges, short_of: isShort ? shortOf(budget) : null, reported };
}

/**
 * The decision for one asset, read from the ledger's state after the claim: what could be admitted is
 * admitted.
 */
export function decide({ state, ours, held, unknowns }: ChargeRow): ChargeDecision {
  if (state === "paid") return "paid";
  if (ours && (state === "reserved" || state === "sent")) return "go";
  if (held) return "wait";
  return unknowns >= unknownsThatFail ? "outcome_unknown" : "over_budget";
}

/** The budget of which less is left. */
function shortOf({ job_left, owner_left }: BudgetRow): "job" | "owner" {
  if (job_left === null) return "owner";
  return owner_left !== null && owner_left < job_left ? "owner" : "job";
}
