/**
 * Counts the wrong keys of one address: one object for each address, in memory only. Cloudflare's rate-limit
 * binding does not fit: it counts every request, in each location separately, and cannot take back a request
 * whose key was right. An object that Cloudflare moves or stops forgets its counts.
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

  /**
   * Ends an attempt, and gives how long the address is blocked from now on, in milliseconds; 0 if it is not.
   */
  end(attempt: number | null, failed: boolean): number {
    this.#count.end(attempt, failed);
    return this.#count.blockedMs();
  }
}
