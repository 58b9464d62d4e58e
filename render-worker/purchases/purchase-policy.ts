import type { RetryPolicy } from "../flow/retry.ts";

export interface AiPolicy extends RetryPolicy {
  /** The least pause after a call whose outcome is unknown: the next one that ends so fails the film. */
  unknownPauseMs: number;
  /** How often one attempt pays for an asset whose bytes are of no use, before it does without. */
  unusablePurchases: number;
}

/**
 * How patient one attempt is with an AI provider before it hands the job back: about a minute in all. A gateway that lost
 * its origin (502, 504, 524) usually has it back within seconds of a restart, so 15 s pass before the one repeat.
 */
export const aiPolicy: AiPolicy = {
  tries: 5,
  baseDelayMs: 1_000,
  maxDelayMs: 20_000,
  unknownPauseMs: 15_000,
  unusablePurchases: 2,
};
