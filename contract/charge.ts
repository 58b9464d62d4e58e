/**
 * What is written down before anything is bought, and after. A charge is one purchase of one asset:
 *
 *   reserved ──send──▶ sent ──paid──▶ paid
 *      ▲                │ ├──unknown─▶ unknown   (the outcome cannot be known: it counts as spent, and another charge may follow)
 *      └────refused─────┘ └──failed──▶ failed    (surely not spent)
 *
 * `reserved` takes its price out of the budgets, `sent` says that the provider may be asked from now on. A charge that a
 * later attempt finds `sent`, and whose asset is nowhere, is `unknown`.
 */
import { z } from "zod";
import { openEnum, openEnumOrNull } from "./open-enum.ts";

export const Capability = z.enum(["text", "picture", "voice"]);
export type Capability = z.infer<typeof Capability>;

/** What the ledger knows purchases by. `other`: what a worker that is newer than the edge buys. */
export const ChargedFor = z.enum([...Capability.options, "other"]);
export type ChargedFor = z.infer<typeof ChargedFor>;

export const ChargeState = z.enum(["reserved", "sent", "paid", "failed", "unknown"]);
export type ChargeState = z.infer<typeof ChargeState>;

/** How often one job may not know whether it has paid for an asset, before it fails. The first time it buys again. */
export const unknownsThatFail = 2;

/** sha256 in hex of all that shaped the asset: its name in R2 as well. */
const Fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
const microUsd = z.int().min(0).max(1_000_000_000);

export const NewCharge = z.object({
  fingerprint: Fingerprint,
  capability: openEnum(ChargedFor, "other"),
  /** Counted from 0; null for what belongs to the whole film. */
  scene: z.int().min(0).nullable(),
  model: z.string().min(1).max(128),
  /** The most that it can cost: what is taken out of the budgets until the real price is known. */
  ceiling_micro_usd: microUsd,
  /** It was bought before, and what was bought is not in R2 any more, or of no use. */
  gone: z.boolean().default(false),
});
export type NewCharge = z.infer<typeof NewCharge>;

/**
 * What became of a purchase. `paid`: its bytes are in R2, or they were of no use. `refused`: the provider said that it did not do it, and will be
 * asked again. `failed`: the same, and it will not. `found`: the asset is in R2 already.
 */
export const Settlement = z.object({
  fingerprint: Fingerprint,
  outcome: openEnum(z.enum(["paid", "found", "refused", "failed", "unknown"]), "unknown"),
  cost_micro_usd: microUsd.default(0),
  /** The provider did not say what it cost: `cost_micro_usd` is the most that it can have cost. */
  estimated: z.boolean().optional(),
  request_id: z.string().max(128).nullable().default(null),
});
export type Settlement = z.infer<typeof Settlement>;

const atOnce = 100;
export const Settlements = z.array(Settlement).max(atOnce).default([]);

/**
 * POST /internal/jobs/{job_id}/charges: settles, reserves and marks as sent, in this order and in one transaction.
 * Charges are admitted in the order given, as long as both budgets last.
 */
export const ChargeRequest = z.object({
  attempt: z.int().min(1),
  settle: Settlements,
  reserve: z.array(NewCharge).max(atOnce).default([]),
  send: z.array(Fingerprint).max(atOnce).default([]),
});
export type ChargeRequest = z.infer<typeof ChargeRequest>;

/**
 * `go`: it is this attempt's to buy. `paid`: look in R2. `wait`: another job of the owner is buying it right now.
 * `outcome_unknown`: bought twice already, and the outcome of both calls is unknown. `unreadable`: a worker's reading of a
 * decision that is newer than itself.
 */
export const ChargeDecision = z.enum(["go", "paid", "wait", "over_budget", "outcome_unknown", "unreadable"]);
export type ChargeDecision = z.infer<typeof ChargeDecision>;

export const ChargeAnswer = z.object({
  charges: z.array(z.object({ fingerprint: z.string(), decision: openEnum(ChargeDecision, "unreadable") })),
  /** Which budget was not enough for what is `over_budget`. */
  short_of: openEnumOrNull(z.enum(["job", "owner"])),
});
export type ChargeAnswer = z.infer<typeof ChargeAnswer>;
