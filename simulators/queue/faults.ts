/**
 * What can go wrong on purpose, for tests of those who use the queue. Everything is drawn from one seeded generator per
 * queue, so that the same calls meet the same faults again. A plan lives in memory: a restart of the Worker ends it.
 */
import { ApiError, apiFaults } from "./envelope.ts";
import type { Mischief } from "./message-queue.ts";

export interface FaultPlan {
  seed: number;
  /** Share of pulled messages that stay visible, so that the next pull gets them too while the first lease runs. */
  duplicate_rate: number;
  /** Share of acks that are answered well and forgotten: the message is delivered again. */
  duplicate_after_ack_rate: number;
  /** Share of ack calls that are carried out, but answered with a 500. */
  lost_ack_rate: number;
  /** Share of calls refused with 429 and `Retry-After: retry_after_seconds`, with nothing carried out. */
  error_429_rate: number;
  retry_after_seconds: number;
  /** Share of calls refused with 500, with nothing carried out. */
  error_500_rate: number;
  /** Share of calls that are answered `stall_ms` late. */
  stall_rate: number;
  stall_ms: number;
  /** Pulls take a random choice of the next messages instead of the oldest. */
  reorder: boolean;
}

export const noFaults: FaultPlan = {
  seed: 1,
  duplicate_rate: 0,
  duplicate_after_ack_rate: 0,
  lost_ack_rate: 0,
  error_429_rate: 0,
  retry_after_seconds: 1,
  error_500_rate: 0,
  stall_rate: 0,
  stall_ms: 0,
  reorder: false,
};

export class Faults implements Mischief {
  #plan = noFaults;
  #random = seededRandom(noFaults.seed);
  #injected: Record<string, number> = {};

  /** Starts over: the generator from its seed, the counters from 0. */
  follow(plan: FaultPlan): void {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
    this.#injected = {};
  }

  /** The plan, and how often each fault has struck since it was set. */
  report() {
    return { plan: this.#plan, injected: this.#injected };
  }

  /** Before a call is carried out. @throws ApiError */
  async strikeBefore(): Promise<void> {
    if (this.#strikes("stall_rate")) await new Promise((resolve) => setTimeout(resolve, this.#plan.stall_ms));
    if (this.#strikes("error_429_rate"))
      throw new ApiError(apiFaults.overloaded, undefined, {
        "retry-after": String(this.#plan.retry_after_seconds),
      });
    if (this.#strikes("error_500_rate")) throw new ApiError(apiFaults.unknown);
  }

  /** After an ack was carried out. @throws ApiError */
  strikeAfterAck(): void {
    if (this.#strikes("lost_ack_rate")) throw new ApiError(apiFaults.unknown);
  }

  deliversTwice(): boolean {
    return this.#strikes("duplicate_rate");
  }

  forgetsAck(): boolean {
    return this.#strikes("duplicate_after_ack_rate");
  }

  get shuffle(): Mischief["shuffle"] {
    if (!this.#plan.reorder) return undefined;
    return (items) => {
      const keyed = items.map((item) => ({ item, key: this.#random() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
    };
  }

  #strikes(fault: RateName): boolean {
    const rate = this.#plan[fault];
    if (rate === 0 || this.#random() >= rate) return false;
    this.#injected[fault] = (this.#injected[fault] ?? 0) + 1;
    return true;
  }
}

type RateName = Extract<keyof FaultPlan, `${string}_rate`>;

/** Fills what is not named with "no fault". @throws ApiError on an unknown name or a wrong type */
export function readFaultPlan(body: Record<string, unknown>): FaultPlan {
  for (const [key, value] of Object.entries(body)) {
    const usual = noFaults[key as keyof FaultPlan];
    const inRange = typeof value !== "number" || (value >= 0 && (!key.endsWith("_rate") || value <= 1));
    if (typeof value !== typeof usual || !inRange) throw new ApiError(apiFaults.bodyInvalid, key);
  }
  return { ...noFaults, ...body };
}

/** Numbers in [0, 1), always the same for one seed. Mulberry32, in the public domain. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
