/**
 * Runs at most `count` pieces of work at the same time, fewer if some take several slots. The lowest rank
 * goes first, also if it has to wait for more slots than a later one needs; equal ranks go in order of
 * arrival.
 */
export class Slots {
  #free: number;
  /** Sorted in the order in which they run. */
  readonly #waiting: { rank: number; slots: number; go: () => void }[] = [];
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
    this.#free = count;
  }

  /**
   * Runs `work` when `slots` are free; all of them if there are fewer.
   *
   * @throws the signal's reason if it aborts while waiting, or what `work` throws
   */
  async run<T>(signal: AbortSignal, work: () => Promise<T>, rank = 0, slots = 1): Promise<T> {
    const taken = Math.min(slots, this.#count);
    await this.#take(signal, rank, taken);
    try {
      return await work();
    } finally {
      this.#give(taken);
    }
  }

  /** Takes a slot if one is free now. Returns the function that gives it back, or null. */
  tryTake(): (() => void) | null {
    if (this.#free === 0 || this.#waiting.length > 0) return null;
    this.#free--;
    let isTaken = true;
    return () => {
      if (isTaken) this.#give(1);
      isTaken = false;
    };
  }

  #take(signal: AbortSignal, rank: number, slots: number): Promise<void> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const turn = { rank, slots, go };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(turn), 1);
        reject(signal.reason);
        // It may have been the one that the others waited for.
        this.#give(0);
      };
      const later = this.#waiting.findIndex((other) => other.rank > rank);
      this.#waiting.splice(later < 0 ? this.#waiting.length : later, 0, turn);
      signal.addEventListener("abort", leave, { once: true });
      this.#give(0);
    });
  }

  /** Gives slots back, and lets those go that are next and have enough. */
  #give(slots: number): void {
    this.#free += slots;
    for (let next = this.#waiting[0]; next && next.slots <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.slots;
      next.go();
    }
  }
}
