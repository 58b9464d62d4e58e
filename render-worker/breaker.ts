/**
 * A circuit breaker: when a provider has failed so often in a row that it is surely away, nobody asks it for a while;
 * then one call finds out whether it is back. One per provider and capability, shared by all jobs of the process.
 */
import { Transient } from "./errors.ts";

export interface BreakerTimes {
  /** Failures in a row that open it. */
  failures: number;
  /** How long it stays open the first time; twice as long each time that the probe fails. */
  openMs: number;
  longestOpenMs: number;
}

export const usualBreaker: BreakerTimes = { failures: 6, openMs: 15_000, longestOpenMs: 240_000 };

export class Breaker {
  readonly #times: BreakerTimes;
  readonly #now: () => number;
  #failures = 0;
  #opened = 0;
  #openUntil = 0;
  #isProbing = false;

  constructor(times: BreakerTimes = usualBreaker, now: () => number = () => performance.now()) {
    this.#times = times;
    this.#now = now;
  }

  /** Open, or waiting for its probe to come back. */
  get isOpen(): boolean {
    return this.#opened > 0;
  }

  /**
   * Runs `work` unless the circuit is open. Only an outage counts as failure: an answer, be it a refusal, and a limited
   * rate show that somebody is there. @throws Transient `openai.circuit_open` with how long to leave it alone
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.isOpen) this.#admitProbe();
    try {
      const answer = await work();
      this.#close();
      return answer;
    } catch (error) {
      if (!(error instanceof Transient)) this.#isProbing = false;
      else if (error.code === "openai.rate_limited") this.#close();
      else this.#count();
      throw error;
    }
  }

  #admitProbe(): void {
    const leftMs = this.#openUntil - this.#now();
    if (leftMs <= 0 && !this.#isProbing) {
      this.#isProbing = true;
      return;
    }
    // Those that are sent away shall not all come back in the same moment.
    const retryAfterMs = Math.max(leftMs, this.#times.openMs) * (1 + Math.random() / 2);
    throw new Transient("openai.circuit_open", "The AI provider is away", { retryAfterMs });
  }

  #count(): void {
    this.#failures++;
    // Calls that began before it opened tell nothing new.
    if (this.#failures < this.#times.failures || (this.isOpen && !this.#isProbing)) return;
    const { openMs, longestOpenMs } = this.#times;
    this.#openUntil = this.#now() + Math.min(longestOpenMs, openMs * 2 ** this.#opened);
    this.#opened++;
    this.#isProbing = false;
  }

  #close(): void {
    this.#failures = 0;
    this.#opened = 0;
    this.#isProbing = false;
  }
}
