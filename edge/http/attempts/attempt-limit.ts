/**
 * Counts one address's wrong keys: one object an address, in memory alone. Cloudflare's rate-limit binding is no use
 * here: it counts at every look, for each place by itself, and can not take back what turned out right. An object that
 * Cloudflare moves or stops forgets its counts, and the address begins anew.
 */
import { DurableObject } from "cloudflare:workers";
import type { Env } from "../../env.ts";
import { realPorts } from "../../ports.ts";
import { failureLimit } from "../rate-policies.ts";
import { AttemptCount, type Verdict } from "./attempt-count.ts";

export class AttemptLimit extends DurableObject<Env> {
  readonly #count = new AttemptCount(
    { quota: failureLimit.quota, windowMs: failureLimit.windowSeconds * 1000 },
    realPorts.now,
  );

  begin(): Promise<Verdict> {
    return this.#count.begin();
  }

  /** Says how long the address is blocked from now on: 0 where it is not. */
  end(attempt: number | null, failed: boolean): number {
    this.#count.end(attempt, failed);
    return this.#count.blockedMs();
  }
}
