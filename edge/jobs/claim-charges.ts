import type { ChargeAnswer, ChargeDecision, ChargeRequest } from "../../contract/charge.ts";
import { unknownsThatFail } from "../../contract/charge.ts";
import type { AttemptRef } from "../store/attempt.ts";
import { type BudgetRow, type ChargeRow, claimCharges as claimRows } from "../store/claim-charges.ts";
import type { JobContext } from "./after-transition.ts";
import { requireHeld } from "./attempt.ts";
import { resumeQueue } from "./hold.ts";

/**
 * Decides for each asset whether the attempt may buy it.
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
  const { before, rows, budget, lifted } = await claimRows(session, ref, request, dailyMicroUsd, now());
  requireHeld(before, ref);
  resumeQueue(context, lifted);
  const charges = rows.map((row) => ({ fingerprint: row.fingerprint, decision: decide(row) }));
  const isShort = charges.some(({ decision }) => decision === "over_budget");
  return { charges, short_of: isShort ? shortOf(budget) : null };
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
