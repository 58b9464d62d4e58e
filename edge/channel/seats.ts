/**
 * Counts the listeners of one channel within the owner's limit, which `StreamCount` knows. Calls may be
 * concurrent.
 */
export interface Count {
  /** Listeners that are admitted. */
  held: number;
  /** Admitted listeners and those that wait to be admitted. */
  wanted: number;
}

export class Seats {
  #held = 0;
  #wanted = 0;
  #granted = 0;
  #asking: Promise<void> = Promise.resolve();
  #nextAsking: Promise<void> | null = null;
  readonly #ask: (count: Count) => Promise<number>;

  /**
   * `ask` gives how many of `wanted` are allowed. One call runs at a time, so a thousand listeners cost a few
   * calls.
   */
  constructor(ask: (count: Count) => Promise<number>) {
    this.#ask = ask;
  }

  get held(): number {
    return this.#held;
  }

  /** Whether one more listener is admitted; counts it if so. */
  async take(): Promise<boolean> {
    this.#wanted++;
    if (this.#wanted > this.#granted) await this.renew();
    if (this.#held < this.#granted) {
      this.#held++;
      return true;
    }
    this.#wanted--;
    return false;
  }

  give(): void {
    this.#held--;
    this.#wanted--;
    void this.renew();
  }

  /** Reports the current number of listeners. Never throws. */
  renew(): Promise<void> {
    this.#nextAsking ??= this.#asking.then(() => {
      this.#nextAsking = null;
      this.#asking = this.#askNow();
      return this.#asking;
    });
    return this.#nextAsking;
  }

  async #askNow(): Promise<void> {
    this.#granted = await this.#ask({ held: this.#held, wanted: this.#wanted });
  }
}
