/** How many listeners a channel has and may have. The owner's `StreamCount` says how many; any number may ask at once. */
export interface Count {
  /** Listeners that are admitted. */
  held: number;
  /** The same and those that wait to be admitted. */
  wanted: number;
}

export class Seats {
  #held = 0;
  #wanted = 0;
  #granted = 0;
  #asking: Promise<void> = Promise.resolve();
  #nextAsking: Promise<void> | null = null;
  readonly #ask: (count: Count) => Promise<number>;

  /** `ask` says how many of `wanted` may be. One call is on its way at a time, so a thousand listeners cost a few. */
  constructor(ask: (count: Count) => Promise<number>) {
    this.#ask = ask;
  }

  get held(): number {
    return this.#held;
  }

  /** Resolves to whether one more listener may be admitted, and counts it. */
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

  /** Says how many there are now. Never fails. */
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
