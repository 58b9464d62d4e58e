import { setTimeout as sleep } from "node:timers/promises";
import { Transient } from "../errors.ts";

export interface RetryPolicy {
  tries: number;
  /** The first pause; doubles each time up to `maxDelayMs`, with full jitter. */
  baseDelayMs: number;
  maxDelayMs: number;
}

/**
 * Runs `work` again while it throws Transient and tries are left. If `retryAfterMs` is longer than
 * `maxDelayMs`, the error is thrown at once, so that the job can be handed back during the pause.
 *
 * @throws what the last try of `work` threw, or the signal's reason
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

/** Full jitter: a random time in milliseconds between 0 and the doubled base delay. */
export function backoffMs(
  policy: RetryPolicy,
  tryNumber: number,
  random: () => number = Math.random,
): number {
  return random() * Math.min(policy.maxDelayMs, policy.baseDelayMs * 2 ** (tryNumber - 1));
}

/**
 * Waits for `ms`.
 *
 * @throws the signal's reason if it aborts first
 */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}
