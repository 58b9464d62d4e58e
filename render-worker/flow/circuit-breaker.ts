/**
 * A circuit breaker: after a number of failures in a row it sends no calls to a provider for a while, then
 * lets one call through as a probe. There is one per provider and capability, shared by all jobs of the
 * process.
 */
import { CodedError, Transient } from "../errors.ts";

export interface BreakerTimes {
  /** Failures in a row that open the circuit. */
  failures: number;
  /** How long it stays open the first time; doubles after each failed probe. */
  openMs: number;
  longestOpenMs: number;
}

export const defaultBreakerTimes: BreakerTimes = { failures: 6, openMs: 15_000, longestOpenMs: 240_000 };

/** For how long a success counts as recent. */
const provenMs = 10 * 60_000;

export class CircuitBreaker {
  readonly #times: BreakerTimes;
  readonly #now: () => number;
  #failures = 0;
  #opened = 0;
  #openUntil = 0;
  #isProbing = false;
  #succeededAt = Number.NEGATIVE_INFINITY;
  #wrong: CodedError | null = null;

  constructor(times: BreakerTimes = defaultBreakerTimes, now: () => number = () => performance.now()) {
    this.#times = times;
    this.#now = now;
  }

  /** True until a probe has succeeded. */
  get isOpen(): boolean {
    return this.#opened > 0;
  }

  /** A call has succeeded in the last ten minutes and the circuit is closed. */
  get hasRecentSuccess(): boolean {
    return !this.isOpen && this.#now() - this.#succeededAt < provenMs;
  }

  /**
   * The wrong configuration that keeps the circuit open. Null when it is closed, or when the next call is a
   * probe.
   */
  get wrongConfiguration(): CodedError | null {
    return this.#openUntil > this.#now() ? this.#wrong : null;
  }

  /** Closes the circuit if a wrong configuration opened it: the next calls show whether it is repaired. */
  forgetConfiguration(): void {
    if (this.#wrong) this.#close();
  }

  /**
   * Runs `work` unless the circuit is open. Only an outage counts as a failure: a refusal and a rate limit
   * show that the provider works. A wrong configuration opens the circuit at once.
   *
   * @throws Transient `openai.circuit_open` with the remaining pause while the circuit is open; the
   *   CodedError of the wrong configuration that opened it; or what `work` throws
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOpen) this.#admitProbe();
    try {
      const answer = await work();
      this.#close();
      this.#succeededAt = this.#now();
      return answer;
    } catch (error) {
      this.#learn(error);
      throw error;
    }
  }

  #learn(error: unknown): void {
    const fault = error instanceof CodedError ? error.aiFault : null;
    if (fault === "configuration") {
      this.#wrong = error as CodedError;
      this.#succeededAt = Number.NEGATIVE_INFINITY;
      this.#open();
    } else if (fault === "rate_limited") this.#close();
    else if (fault === "unavailable" || fault === "unreadable") this.#count();
    // A refusal or an abort does not tell whether the outage is over: the next call is the probe.
    else this.#isProbing = false;
  }

  #admitProbe(): void {
    const leftMs = this.#openUntil - this.#now();
    if (leftMs <= 0 && !this.#isProbing) {
      this.#isProbing = true;
      return;
    }
    if (this.#wrong) throw this.#wrong;
    // Jitter: the waiting calls must not all return at the same moment.
    const retryAfterMs = Math.max(leftMs, this.#times.openMs) * (1 + Math.random() / 2);
    throw new Transient("openai.circuit_open", "The AI provider does not work at the moment", {
      retryAfterMs,
      aiFault: "away",
    });
  }

  #count(): void {
    this.#failures++;
    // A failure of a call that began before the circuit opened tells nothing new.
    if (this.#failures < this.#times.failures || (this.isOpen && !this.#isProbing)) return;
    this.#wrong = null;
    this.#open();
  }

  #open(): void {
    // A call that began before the circuit opened must not keep it open longer.
    if (this.isOpen && !this.#isProbing) return;
    const { openMs, longestOpenMs } = this.#times;
    this.#openUntil = this.#now() + Math.min(longestOpenMs, openMs * 2 ** this.#opened);
    this.#opened++;
    this.#isProbing = false;
  }

  #close(): void {
    this.#wrong = null;
    this.#failures = 0;
    this.#opened = 0;
    this.#isProbing = false;
  }
}
