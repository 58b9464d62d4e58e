import { leaseSeconds } from "../../contract/limits.ts";
import type { Env } from "../env.ts";
import { reasonOf } from "../store/open.ts";
import { graceMs } from "./next-look.ts";

/** What this isolate knows of the next look at the leases: when it will be, and when it last asked. */
const known = { lookAtMs: 0, askedAtMs: 0 };
/** Clocks of two machines differ. Of a look that is so near nothing is taken for granted. */
const nearMs = 1_000;

/**
 * Sees to it that somebody looks once a lease that was given or renewed at `nowMs` ends. Call it after D1 has the lease:
 * a look that lies ahead will find it. Asks the watch about once a lease and isolate, after the answer; a call that gets
 * lost is made good for by the job's next heartbeat.
 */
export function watchLease(env: Env, defer: (work: Promise<unknown>) => void, nowMs: number): void {
  if (nowMs < known.lookAtMs - nearMs || nowMs < known.askedAtMs + nearMs) return;
  known.askedAtMs = nowMs;
  defer(askForLook(env, nowMs + leaseSeconds * 1000 + graceMs));
}

/** The same for the sweep, which asks however recently somebody asked. Never fails. */
export async function askForLook(env: Env, byMs: number): Promise<void> {
  try {
    known.lookAtMs = await env.LEASES.getByName("all").watch(byMs);
  } catch (error) {
    known.askedAtMs = 0;
    console.warn(JSON.stringify({ event: "leases.unwatched", reason: reasonOf(error) }));
  }
}
