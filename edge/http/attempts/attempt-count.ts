/**
 * Counts how many attempts to use a key one address has left. It only counts: `AttemptLimit` decides where it
 * lives.
 */
export interface AttemptLimits {
  /** Failures allowed within `windowMs`. */
  quota: number;
  windowMs: number;
}

export type Verdict = { attempt: number } | { retryAfterMs: number };

/**
 * An attempt that has not ended after this time was cut off with its request and no longer counts.
 * Milliseconds.
 */
const longestMs = 10_000;
/** How long an attempt waits for others that may still fail. Milliseconds. */
const longestWaitMs = 2_000;

/**
 * Every running attempt may fail, so no more are admitted than failures are left: 200 wrong keys at once are
 * `quota` attempts. Further attempts wait until one ends. A success frees its place, a failure keeps it for
 * `windowMs`.
 */
export class AttemptCount {
  readonly #limits: AttemptLimits;
  readonly #now: () => number;
  /** Times of the latest failures, oldest first; never more than the quota. */
  #failures: number[] = [];
  /** Running attempts, and when each began. */
  readonly #underWay = new Map<number, number>();
  #waiting: (() => void)[] = [];
  #lastAttempt = 0;

  constructor(limits: AttemptLimits, now: () => number) {
    this.#limits = limits;
    this.#now = now;
  }

  /**
   * Admits one attempt, or gives the time after which the caller may try again. Report its outcome to `end`.
   */
  async begin(): Promise<Verdict> {
    const deadline = this.#now() + longestWaitMs;
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

  /** Ends `attempt`; null for an attempt that was not begun here. */
  end(attempt: number | null, failed: boolean): void {
    if (attempt !== null) this.#underWay.delete(attempt);
    if (failed) this.#failures = [...this.#failures, this.#now()].slice(-this.#limits.quota);
    for (const wake of this.#waiting.splice(0)) wake();
  }

  /** How long the address stays blocked, in milliseconds; 0 if it is not blocked. */
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
