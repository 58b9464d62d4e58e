/**
 * The worker's side of the charge ledger. What is asked at the same time travels together: the first call of a film's
 * pictures and voices waits until all of them have been looked for in R2, and while a call is under way the next one
 * gathers. So a job takes a handful of calls, and no purchase begins before D1 knows of it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ChargeAnswer, ChargeDecision, NewCharge, Settlement } from "../../contract/charge.ts";
import type { EdgeClient } from "../clients/edge.ts";
import { type RetryPolicy, retryTransient } from "../flow/retry.ts";

/** What is to be written down about one asset, in this order. */
export interface LedgerRequest {
  settle?: Settlement;
  reserve?: NewCharge;
  send?: string;
}

export interface Decision {
  decision: ChargeDecision;
  exceededBudget: ChargeAnswer["short_of"];
}

export interface LedgerClient {
  /** Resolves when D1 has it. @throws Fenced, Cancelled, Transient, or the signal's reason */
  ask(request: LedgerRequest): Promise<Decision>;
  /** Holds the next call back until `lookup` has ended, or for two seconds. */
  holdWhile<T>(lookup: Promise<T>): Promise<T>;
}

interface Waiting extends PromiseWithResolvers<Decision> {
  request: LedgerRequest;
}

const policy: RetryPolicy = { tries: 6, baseDelayMs: 250, maxDelayMs: 4_000 };
const gatherMs = 25;
const longestHoldMs = 2_000;
const requestsPerCall = 100;
/** A film without voices is none, so they come first where money is short. */
const rank = { text: 0, voice: 1, picture: 2, other: 3 };

export function createLedgerClient(
  edge: Pick<EdgeClient, "charge">,
  job: { job_id: string; attempt: number },
  signal: AbortSignal,
): LedgerClient {
  const lookups = new Set<Promise<unknown>>();
  let waiting: Waiting[] = [];
  let isRunning = false;

  return {
    ask(request) {
      const one = { request, ...Promise.withResolvers<Decision>() };
      waiting.push(one);
      if (!isRunning) void run();
      return one.promise;
    },
    holdWhile(lookup) {
      const ended = lookup.catch(() => {}).finally(() => lookups.delete(ended));
      lookups.add(ended);
      return lookup;
    },
  };

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      if (lookups.size > 0) await Promise.race([Promise.all(lookups), sleep(longestHoldMs)]);
      await sleep(gatherMs);
      const batch = waiting.slice(0, requestsPerCall);
      waiting = waiting.slice(requestsPerCall);
      await call(batch).catch((error: unknown) => {
        for (const { reject } of batch) reject(error);
      });
    }
    isRunning = false;
  }

  async function call(batch: readonly Waiting[]): Promise<void> {
    signal.throwIfAborted();
    const requests = batch.map(({ request }) => request);
    const call = {
      attempt: job.attempt,
      settle: requests.flatMap(({ settle }) => settle ?? []),
      reserve: requests.flatMap(({ reserve }) => reserve ?? []).sort(byNeed),
      send: requests.flatMap(({ send }) => send ?? []),
    };
    const answer = await retryTransient(policy, signal, () => edge.charge(job.job_id, call, signal));
    const decisions = new Map(answer.charges.map(({ fingerprint, decision }) => [fingerprint, decision]));
    for (const { request, resolve } of batch) {
      const decision = decisions.get(request.reserve?.fingerprint ?? request.send ?? "");
      resolve({ decision: decision ?? "wait", exceededBudget: answer.short_of });
    }
  }
}

const byNeed = (a: NewCharge, b: NewCharge) =>
  rank[a.capability] - rank[b.capability] || (a.scene ?? 0) - (b.scene ?? 0);
