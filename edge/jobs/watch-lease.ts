/** When the lease watch looks for lapsed leases, and how it is asked to. */
import { leaseSeconds } from "../../contract/limits.ts";
import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";

/** How long after its end a lease has certainly lapsed. */
const graceMs = 250;
/** The least time between two looks at D1, however many leases lapse. */
const leastMs = 1_000;

/** When to look at D1 again if the first of all leases ends at `firstMs`; null if there is no lease. */
export const nextLookMs = (firstMs: number | null, nowMs: number): number | null =>
  firstMs === null ? null : Math.max(firstMs + graceMs, nowMs + leastMs);

/** What this isolate knows of the next look at the leases: its time, and when the isolate asked last. */
const known = { lookAtMs: 0, askedAtMs: 0 };
/** The clocks of two machines differ: a look that is nearer than this may already be over. */
const nearMs = 1_000;

/**
 * Makes the watch look when a lease ends that was given or renewed at `nowMs`. Call it after D1 has the
 * lease: a later look finds it. It asks the watch after the answer, about once for each lease and isolate;
 * after a lost call, the job's next heartbeat asks again.
 */
export function watchLease(env: Env, defer: (work: Promise<unknown>) => void, nowMs: number): void {
  if (nowMs < known.lookAtMs - nearMs || nowMs < known.askedAtMs + nearMs) return;
  known.askedAtMs = nowMs;
  defer(askForLook(env, nowMs + leaseSeconds * 1000 + graceMs));
}

/** Asks the watch to look at `byMs` or earlier, however recently it was asked. Never throws. */
export async function askForLook(env: Env, byMs: number): Promise<void> {
  try {
    known.lookAtMs = await env.LEASES.getByName("all").watch(byMs);
  } catch (error) {
    known.askedAtMs = 0;
    console.warn(JSON.stringify({ event: "leases.unwatched", reason: reasonOf(error) }));
  }
}
