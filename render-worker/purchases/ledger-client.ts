/**
 * The worker's client of the charge ledger. Requests made at about the same time go into one call: the first
 * call of a film's pictures and voices waits until all of them have been looked up in R2, and while one call
 * runs the next one collects requests. Each call carries what the attempt has not reported yet. So a job
 * needs few calls, and no purchase begins before D1 has recorded it.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Settlement } from "../../contract/charge.ts";
import type { ChargeAnswer, ChargeDecision, NewCharge } from "../../contract/charge-request.ts";
import type { CarriedReport, ProgressAnswer } from "../../contract/report.ts";
import type { EdgeClient } from "../clients/edge.ts";
import { type RetryPolicy, retryTransient } from "../flow/retry.ts";

/** What the ledger is asked to record about one asset, in this order. */
export interface LedgerRequest {
  settle?: Settlement;
  reserve?: NewCharge;
  /**
   * Asked when the call is put together: true marks the reserved charge as sent in the same call, if the
   * ledger admits it. Then the provider must be called at once.
   */
  canSend?(): boolean;
  send?: string;
}

export interface Decision {
  decision: ChargeDecision;
  exceededBudget: ChargeAnswer["short_of"];
  /** `canSend` was true: a charge with the decision `go` is marked as sent. */
  isSent: boolean;
}

export interface LedgerClient {
  /**
   * Resolves when D1 has recorded the request. @throws Fenced, Cancelled, Transient, or the signal's reason
   */
  ask(request: LedgerRequest): Promise<Decision>;
  /** Delays the next call until `lookup` has ended, for two seconds at most. Returns `lookup`. */
  holdWhile<T>(lookup: Promise<T>): Promise<T>;
}

/** The reports of one attempt, for messages that can carry one. */
export interface Carrier {
  /** What is unreported. Null: too much for another message; it is reported by itself. */
  take(): CarriedReport | null;
  /** Call it when the edge has stored the report. `sentAtMs`: by `performance.now()`. */
  stored(report: CarriedReport, answer: ProgressAnswer, sentAtMs: number): void;
}

interface Waiting extends PromiseWithResolvers<Decision> {
  request: LedgerRequest;
}

const policy: RetryPolicy = { tries: 6, baseDelayMs: 250, maxDelayMs: 4_000 };
const gatherMs = 25;
const longestHoldMs = 2_000;
const requestsPerCall = 100;
/** Without voices there is no film, so they are reserved first when the budget is short. */
const rank = { text: 0, voice: 1, picture: 2, transcription: 3, other: 4 };

/**
 * The ledger client of one attempt. Retries while the edge is away; `signal` ends the retries. `carrier`: the
 * reports that its calls carry; null: none.
 */
export function createLedgerClient(
  edge: Pick<EdgeClient, "charge">,
  job: { job_id: string; attempt: number },
  signal: AbortSignal,
  carrier: Carrier | null = null,
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
    const sent = new Set(requests.filter(({ canSend }) => canSend?.()));
    const report = carrier?.take() ?? null;
    const call = {
      attempt: job.attempt,
      report,
      settle: requests.flatMap(({ settle }) => settle ?? []),
      reserve: requests.flatMap(({ reserve }) => reserve ?? []).sort(byNeed),
      send: requests.flatMap((one) => one.send ?? (sent.has(one) ? (one.reserve?.fingerprint ?? []) : [])),
    };
    let sentAtMs = performance.now();
    const answer = await retryTransient(policy, signal, () => {
      sentAtMs = performance.now();
      return edge.charge(job.job_id, call, signal);
    });
    if (report && answer.reported) carrier?.stored(report, answer.reported, sentAtMs);
    const decisions = new Map(answer.charges.map(({ fingerprint, decision }) => [fingerprint, decision]));
    for (const { request, resolve } of batch) {
      const decision = decisions.get(request.reserve?.fingerprint ?? request.send ?? "");
      const isSent = sent.has(request);
      resolve({ decision: decision ?? "wait", exceededBudget: answer.short_of, isSent });
    }
  }
}

const byNeed = (a: NewCharge, b: NewCharge) =>
  rank[a.capability] - rank[b.capability] || (a.scene ?? 0) - (b.scene ?? 0);
