/**
 * A circuit breaker: when a provider has failed so often in a row that it is surely away, nobody asks it for a while;
 * then one call finds out whether it is back. One per provider and capability, shared by all jobs of the process.
 */
import { CodedError, Transient } from "../errors.ts";

export interface BreakerTimes {
  /** Failures in a row that open it. */
  failures: number;
  /** How long it stays open the first time; twice as long each time that the probe fails. */
  openMs: number;
  longestOpenMs: number;
}

export const defaultBreakerTimes: BreakerTimes = { failures: 6, openMs: 15_000, longestOpenMs: 240_000 };

/** How long a success shows that the capability is set up rightly. */
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

  /** Open, or waiting for its probe to come back. */
  get isOpen(): boolean {
    return this.#opened > 0;
  }

  /** A call of the last minutes has succeeded. */
  get hasRecentSuccess(): boolean {
    return !this.isOpen && this.#now() - this.#succeededAt < provenMs;
  }

  /** The wrong configuration that holds it open, or null once the next call is to find out whether it is repaired. */
  get wrongConfiguration(): CodedError | null {
    return this.#openUntil > this.#now() ? this.#wrong : null;
  }

  /**
   * Runs `work` unless the circuit is open. Only an outage counts as failure: an answer, be it a refusal, and a limited
   * rate show that the provider is there. A wrong configuration opens it at once.
   * @throws Transient `openai.circuit_open` with how long to leave it alone, or what is wrong with the configuration
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
    // A refusal answers the probe no better than an abort does: the next call is another probe.
    else this.#isProbing = false;
  }

  #admitProbe(): void {
    const leftMs = this.#openUntil - this.#now();
    if (leftMs <= 0 && !this.#isProbing) {
      this.#isProbing = true;
      return;
    }
    if (this.#wrong) throw this.#wrong;
    // Those that are sent away shall not all come back in the same moment.
    const retryAfterMs = Math.max(leftMs, this.#times.openMs) * (1 + Math.random() / 2);
    throw new Transient("openai.circuit_open", "The AI provider is away", {
      retryAfterMs,
      aiFault: "away",
    });
  }

  #count(): void {
    this.#failures++;
    // Calls that began before it opened tell nothing new.
    if (this.#failures < this.#times.failures || (this.isOpen && !this.#isProbing)) return;
    this.#wrong = null;
    this.#open();
  }

  #open(): void {
    // Calls that began before it opened do not hold it open for longer.
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
