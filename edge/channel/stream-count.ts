/**
 * Counts an owner's live streams over all dreams. One object for each owner, named by the owner's id.
 *
 * Each dream's channel reports its number of listeners at each change and every minute. The counts are in
 * memory only: a restarted object knows all channels after a minute and may admit too many until then. An
 * evicted channel reports nothing more, so its count is forgotten after `forgetMs`.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../env.ts";
import { type Ports, realPorts } from "../ports.ts";
import { readOwnerLimits } from "../store/owner-limits.ts";
import { notifyChannel } from "./notify.ts";
import type { Count } from "./seats.ts";

/** How often a channel reports its number of listeners. */
export const renewMs = 60_000;
const forgetMs = 2.5 * renewMs;

export class StreamCount extends DurableObject<Env> {
  readonly #dreams = new Map<string, { held: number; atMs: number }>();
  readonly #ports: Ports;

  /** `ports` is for tests; workerd passes only the first two. */
  constructor(ctx: DurableObjectState, env: Env, ports = realPorts) {
    super(ctx, env);
    this.#ports = ports;
  }

  /**
   * The number of listeners that the dream may have now: its current ones, and as many waiting ones as there
   * is room for.
   */
  async grant(dreamId: string, { held, wanted }: Count): Promise<number> {
    const nowMs = this.#ports.now();
    let others = 0;
    for (const [id, dream] of this.#dreams) {
      if (dream.atMs + forgetMs <= nowMs) this.#dreams.delete(id);
      else if (id !== dreamId) others += dream.held;
    }
    const granted = Math.max(held, Math.min(wanted, readOwnerLimits(this.env).streams.streams - others));
    if (granted === 0) this.#dreams.delete(dreamId);
    else this.#dreams.set(dreamId, { held: granted, atMs: nowMs });
    return granted;
  }

  /** Makes every channel with listeners read D1 again, because an API key may be revoked. */
  async recheck(): Promise<void> {
    for (const dreamId of this.#dreams.keys()) {
      notifyChannel(this.env, (work) => this.ctx.waitUntil(work), { dreamId, changed: true });
    }
  }
}
