/** How many attempts to open something with a key one address has left. Only counts: where it lives is not its matter. */
export interface AttemptLimits {
  /** Failures allowed within `windowMs`. */
  quota: number;
  windowMs: number;
}

export type Verdict = { attempt: number } | { retryAfterMs: number };

/** An attempt whose end is not told by then was cut off with its request; it no longer counts. */
const longestMs = 10_000;
/** How long an attempt waits for the end of others that may still fail. */
const patienceMs = 2_000;

/**
 * Every attempt under way may fail, so no more are let in than failures are left: 200 wrong keys at the same moment are
 * `quota` attempts. Those beyond wait until one of them ends. A success gives its place back, a failure keeps it for
 * `windowMs`.
 */
export class AttemptCount {
  readonly #limits: AttemptLimits;
  readonly #now: () => number;
  /** Times of the latest failures, oldest first; never more than the quota. */
  #failures: number[] = [];
  /** Attempts under way, and when each began. */
  readonly #underWay = new Map<number, number>();
  #waiting: (() => void)[] = [];
  #lastAttempt = 0;

  constructor(limits: AttemptLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /** Lets one attempt in, or says after how long to come back. Tell `end` how it went. */
  async begin(): Promise<Verdict> {
    const deadline = this.#now() + patienceMs;
    for (;;) {
      this.#forget();
      const blockedMs = this.blockedMs();
      if (blockedMs > 0) return { retryAfterMs: blockedMs };
      if (this.#failures.length + this.#underWay.size < this.#limits.quota) {
        this.#underWay.set(++this.#lastAttempt, this.#now());
        return { attempt: this.#lastAttempt };
      }
      const leftMs = deadline - this.#now();
      if (leftMs <= 0) return { retryAfterMs: 1_000 };
      await this.#untilChange(leftMs);
    }
  }

  /** `attempt` is over; null for one that was not begun here. */
  end(attempt: number | null, failed: boolean): void {
    if (attempt !== null) this.#underWay.delete(attempt);
    if (failed) this.#failures = [...this.#failures, this.#now()].slice(-this.#limits.quota);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** How long the address stays blocked; 0 where it is not. */
  blockedMs(): number {
    const { quota, windowMs } = this.#limits;
    const [oldest] = this.#failures;
    if (oldest === undefined || this.#failures.length < quota) return 0;
    return Math.max(0, oldest + windowMs - this.#now());
  }

  #forget(): void {
    const now = this.#now();
    this.#failures = this.#failures.filter((at) => at + this.#limits.windowMs > now);
    for (const [attempt, at] of this.#underWay) if (at + longestMs <= now) this.#underWay.delete(attempt);
  }

  #untilChange(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
