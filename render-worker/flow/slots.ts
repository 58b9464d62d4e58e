/**
 * Runs at most `count` pieces of work at the same time. The lowest rank goes first; equal ranks go in order
 * of arrival.
 */
export class Slots {
  #free: number;
  /** Sorted in the order in which they run. */
  readonly #waiting: { rank: number; go: () => void }[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs `work` when a slot is free.
   *
   * @throws the signal's reason if it aborts while waiting, or what `work` throws
   */
  async run<T>(signal: AbortSignal, work: () => Promise<T>, rank = 0): Promise<T> {
    await this.#take(signal, rank);
    try {
      return await work();
    } finally {
      this.#give();
    }
  }

  /** Takes a slot if one is free now. Returns the function that gives it back, or null. */
  tryTake(): (() => void) | null {
    if (this.#free === 0) return null;
    this.#free--;
    let isTaken = true;
    return () => {
      if (isTaken) this.#give();
      isTaken = false;
    };
  }

  #take(signal: AbortSignal, rank: number): Promise<void> {
    signal.throwIfAborted();
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const turn = { rank, go };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(signal.reason);
      };
      const later = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(later < 0 ? this.#waiting.length : later, 0, turn);
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next) next.go();
    else this.#free++;
  }
}
