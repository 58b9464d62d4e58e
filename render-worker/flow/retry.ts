import { setTimeout as sleep } from "node:timers/promises";
import { Transient } from "../errors.ts";

export interface RetryPolicy {
  tries: number;
  /** First pause; doubles each time up to `maxDelayMs`, with full jitter. */
  baseDelayMs: number;
  maxDelayMs: number;
}

/**
 * Runs `work` again while it throws Transient and tries are left. A `retryAfterMs` longer than `maxDelayMs` is not
 * waited for here: the error goes up, so that the job can be handed back meanwhile.
 */
export async function retryTransient<T>(
  policy: RetryPolicy,
  signal: AbortSignal,
  work: (tryNumber: number) => Promise<T>,
): Promise<T> {
  for (let tryNumber = 1; ; tryNumber++) {
    try {
      return await work(tryNumber);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Transient) || tryNumber >= policy.tries) throw error;
      const asked = error.retryAfterMs ?? 0;
      if (asked > policy.maxDelayMs) throw error;
      await pause(asked + backoffMs(policy, tryNumber), signal);
    }
  }
}

/** Full jitter: anywhere between 0 and the doubled base. */
export function backoffMs(
  policy: RetryPolicy,
  tryNumber: number,
  random: () => number = Math.random,
): number {
  return random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (tryNumber - 1));
}

/** Waits; an abort ends it early and throws the signal's reason. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
