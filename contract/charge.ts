/**
 * The charge ledger, which records each purchase before and after it is made. A charge is one purchase of
 * one asset:
 *
 *   reserved ──send──▶ sent ──paid──▶ paid
 *      ▲                │ ├──unknown─▶ unknown   (counts as spent; another charge may follow)
 *      └────refused─────┘ └──failed──▶ failed    (surely not spent)
 *
 * `reserved` takes its ceiling out of the budgets. `sent` permits the worker to call the provider. A
 * charge that a later attempt finds in the state `sent`, without its asset in R2, becomes `unknown`.
 */
import { z } from "zod";
import { openEnum } from "./open-enum.ts";

export const Capability = z.enum(["text", "picture", "voice"]);
export type Capability = z.infer<typeof Capability>;

/** Everything that is bought: the capabilities of a film, and the transcription of what was told. */
export const PaidCapability = z.enum([...Capability.options, "transcription"]);
export type PaidCapability = z.infer<typeof PaidCapability>;

/** The kind of a purchase in the ledger. `other`: a kind that only a newer worker knows. */
export const ChargedFor = z.enum([...PaidCapability.options, "other"]);
export type ChargedFor = z.infer<typeof ChargedFor>;

export const ChargeState = z.enum(["reserved", "sent", "paid", "failed", "unknown"]);
export type ChargeState = z.infer<typeof ChargeState>;

/**
 * An asset with this many purchases of unknown outcome fails its job. After the first one the worker buys
 * the asset again.
 */
export const unknownsThatFail = 2;

/** SHA-256 in hex of everything that determines the asset. It is also the asset's name in R2. */
export const Fingerprint = z.string().regex(/^[0-9a-f]{64}$/);
export const MicroUsd = z.int().min(0).max(1_000_000_000);

/**
 * The outcome of a purchase. `paid`: the provider was paid; the bytes are in R2, or they cannot be used,
 * or they could not be stored. `refused`: the provider declined without charging, and the worker will ask
 * again. `failed`: the provider declined, and the worker will not ask again. `found`: the asset was in R2
 * already. `abandoned`: the worker cut the call off because its attempt ended. It is booked at its ceiling,
 * and the asset may be bought again however often that happens; an older edge reads it as `unknown`.
 */
export const Settlement = z.object({
  fingerprint: Fingerprint,
  outcome: openEnum(z.enum(["paid", "found", "refused", "failed", "abandoned", "unknown"]), "unknown"),
  cost_micro_usd: MicroUsd.default(0),
  /** The provider did not report the cost: `cost_micro_usd` is the most that the call can have cost. */
  estimated: z.boolean().optional(),
  request_id: z.string().max(128).nullable().default(null),
});
export type Settlement = z.infer<typeof Settlement>;

/** The most charges of one kind in one request. */
export const chargesAtOnce = 100;
export const Settlements = z.array(Settlement).max(chargesAtOnce).default([]);
