/** What a worker asks of the charge ledger (charge.ts) about its purchases, and the answer. */
import { z } from "zod";
import { ChargedFor, chargesAtOnce, Fingerprint, MicroUsd, Settlements } from "./charge.ts";
import { openEnum, openEnumOrNull } from "./open-enum.ts";
import { CarriedReport, ProgressAnswer } from "./report.ts";
import { AttemptNumber } from "./worker-message.ts";

export const NewCharge = z.object({
  fingerprint: Fingerprint,
  capability: openEnum(ChargedFor, "other"),
  /** Counted from 0; null for an asset of the whole film. */
  scene: z.int().min(0).nullable(),
  model: z.string().min(1).max(128),
  /** The most that it can cost. The budgets count this until the real price is known. */
  ceiling_micro_usd: MicroUsd,
  /** True if an earlier purchase was paid and its asset is missing from R2 or cannot be used. */
  gone: z.boolean().default(false),
});
export type NewCharge = z.infer<typeof NewCharge>;

/** A report of a newer worker, which the edge reads as null: the worker sends it by itself. */
const UnknownReport = z
  .unknown()
  .transform(() => null)
  .meta({ type: "object", description: "A report of a newer worker: not stored." });

/**
 * POST /internal/jobs/{job_id}/charges: stores the report, settles, reserves and marks as sent, in this order
 * and in one transaction. Charges are admitted in the given order, as long as both budgets suffice.
 */
export const ChargeRequest = z.object({
  attempt: AttemptNumber,
  /** What the attempt has not reported yet. An edge that cannot read it reads null. */
  report: z.union([CarriedReport, UnknownReport]).nullable().default(null),
  settle: Settlements,
  reserve: z.array(NewCharge).max(chargesAtOnce).default([]),
  send: z.array(Fingerprint).max(chargesAtOnce).default([]),
});
export type ChargeRequest = z.infer<typeof ChargeRequest>;

/**
 * `go`: this attempt buys it. `paid`: the asset is in R2. `wait`: another job of the owner is buying it now.
 * `outcome_unknown`: it was bought twice, and the outcome of both calls is unknown. `unreadable`: how an
 * older worker reads a decision that it does not know.
 */
export const ChargeDecision = z.enum(["go", "paid", "wait", "over_budget", "outcome_unknown", "unreadable"]);
export type ChargeDecision = z.infer<typeof ChargeDecision>;

export const ChargeAnswer = z.object({
  charges: z.array(z.object({ fingerprint: z.string(), decision: openEnum(ChargeDecision, "unreadable") })),
  /** The budget that does not suffice for the charges that are `over_budget`. */
  short_of: openEnumOrNull(z.enum(["job", "owner"])),
  /** The answer to the report. Null: there was none, or the edge has not stored it. */
  reported: ProgressAnswer.nullable().default(null),
});
export type ChargeAnswer = z.infer<typeof ChargeAnswer>;
