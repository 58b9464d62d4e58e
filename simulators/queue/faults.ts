/**
 * Faults that a test injects into a queue. One seeded generator per queue decides, so the same calls meet the
 * same faults in each run. The plan is in memory: a restart of the Worker ends it.
 */
import { apiFaults, CloudflareError } from "./envelope.ts";
import type { FaultInjector } from "./message-queue.ts";

export interface FaultPlan {
  seed: number;
  /** Share of pulled messages that stay visible: the next pull gets them too while the first lease runs. */
  duplicate_rate: number;
  /** Share of acks that are answered with success and not carried out: the message is delivered again. */
  duplicate_after_ack_rate: number;
  /** Share of ack calls that are carried out and answered with a 500. */
  lost_ack_rate: number;
  /** Share of calls refused with 429 and `Retry-After: retry_after_seconds`; nothing is carried out. */
  error_429_rate: number;
  retry_after_seconds: number;
  /** Share of calls refused with 500; nothing is carried out. */
  error_500_rate: number;
  /** Share of calls whose answer comes `stall_ms` late. */
  stall_rate: number;
  stall_ms: number;
  /** Pulls return a random selection of the next messages instead of the oldest. */
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

/** Injects the faults of a plan and counts them. */
export class PlannedFaults implements FaultInjector {
  #plan = noFaults;
  #random = seededRandom(noFaults.seed);
  #injected: Record<string, number> = {};

  /** Uses this plan from now on. Restarts the generator from its seed and the counters from 0. */
  use(plan: FaultPlan): void {
    this.#plan = plan;
    this.#random = seededRandom(plan.seed);
    this.#injected = {};
  }

  /** The plan, and how often each fault was injected since the plan was set. */
  report() {
    return { plan: this.#plan, injected: this.#injected };
  }

  /**
   * Called before a request is carried out.
   * @throws CloudflareError overloaded or unknown, when that fault is drawn
   */
  async injectBefore(): Promise<void> {
    if (this.#isDrawn("stall_rate")) await new Promise((resolve) => setTimeout(resolve, this.#plan.stall_ms));
    if (this.#isDrawn("error_429_rate"))
      throw new CloudflareError(apiFaults.overloaded, undefined, {
        "retry-after": String(this.#plan.retry_after_seconds),
      });
    if (this.#isDrawn("error_500_rate")) throw new CloudflareError(apiFaults.unknown);
  }

  /**
   * Called after an ack was carried out.
   * @throws CloudflareError unknown, when a lost ack is drawn
   */
  injectAfterAck(): void {
    if (this.#isDrawn("lost_ack_rate")) throw new CloudflareError(apiFaults.unknown);
  }

  deliversTwice(): boolean {
    return this.#isDrawn("duplicate_rate");
  }

  forgetsAck(): boolean {
    return this.#isDrawn("duplicate_after_ack_rate");
  }

  get shuffle(): FaultInjector["shuffle"] {
    if (!this.#plan.reorder) return undefined;
    return (items) => {
      const keyed = items.map((item) => ({ item, key: this.#random() }));
      return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
    };
  }

  #isDrawn(fault: RateName): boolean {
    const rate = this.#plan[fault];
    if (rate === 0 || this.#random() >= rate) return false;
    this.#injected[fault] = (this.#injected[fault] ?? 0) + 1;
    return true;
  }
}

type RateName = Extract<keyof FaultPlan, `${string}_rate`>;

/**
 * The plan in a request body. A fault that the body does not name is off.
 * @throws CloudflareError bodyInvalid on an unknown name, a wrong type or a rate above 1
 */
export function readFaultPlan(body: Record<string, unknown>): FaultPlan {
  for (const [key, value] of Object.entries(body)) {
    const usual = noFaults[key as keyof FaultPlan];
    const inRange = typeof value !== "number" || (value >= 0 && (!key.endsWith("_rate") || value <= 1));
    if (typeof value !== typeof usual || !inRange) throw new CloudflareError(apiFaults.bodyInvalid, key);
  }
  return { ...noFaults, ...body };
}

/** Numbers in [0, 1), the same for one seed. Mulberry32, in the public domain. */
function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
