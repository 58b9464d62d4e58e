import type { RetryPolicy } from "../flow/retry.ts";

export interface AiPolicy extends RetryPolicy {
  /** The shortest pause after a call whose outcome is unknown. A second unknown outcome fails the film. */
  unknownPauseMs: number;
  /** How many unusable results one attempt pays for before it does without the asset. */
  unusablePurchases: number;
}

/**
 * How long one attempt waits for an AI provider before the job is handed back: about a minute in all.
 *
 * A gateway that lost its origin (502, 504, 524) usually has it back within seconds of a restart, so 15 s
 * pass before the one repeat of a call with an unknown outcome.
 */
export const aiPolicy: AiPolicy = {
  tries: 5,
  baseDelayMs: 1_000,
  maxDelayMs: 20_000,
  unknownPauseMs: 15_000,
  unusablePurchases: 2,
};
