/**
 * Keeps an attempt's lease: carries its progress to the edge soon after every change, and at the latest every
 * `heartbeatSeconds`. Stops the attempt when the edge says so, or when the lease can no longer be trusted.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { heartbeatSeconds } from "../contract/limits.ts";
import type { EdgeClient } from "./clients/edge.ts";
import { Cancelled, Fenced, Transient } from "./errors.ts";
import type { Progress } from "./pipeline/progress.ts";

/** Changes within this time travel together. */
const gatherMs = 250;
/** Before the lease ends by our clock, work stops: the edge may give the job away from then on. */
const leaseMarginMs = 5_000;
const eventsPerReport = 50;

export interface Reporting {
  /** Call after any change. */
  nudge(): void;
  /** Sends what is still unsent, then ends. Throws what the attempt died of. */
  finish(): Promise<void>;
  /** Ends without a word. */
  stop(): Promise<void>;
}

/** `abort` is called once, with Fenced or Cancelled, when the attempt must stop at once. */
export function startReporting(
  edge: Pick<EdgeClient, "report">,
  job: { job_id: string; attempt: number; lease_ms: number },
  progress: Progress,
  abort: (reason: Fenced | Cancelled) => void,
): Reporting {
  const ended = new AbortController();
  let wake: () => void = () => {};
  let leaseEndsAt = performance.now() + job.lease_ms;
  const loop = run();

  return {
    nudge: () => wake(),
    finish: async () => {
      await stop();
      while (progress.unsent(1).length > 0) await report();
    },
    stop,
  };

  async function stop() {
    ended.abort();
    wake();
    await loop;
  }

  async function run() {
    while (!ended.signal.aborted) {
      await changeOrHeartbeat();
      if (ended.signal.aborted) return;
      try {
        await report();
      } catch (error) {
        if (error instanceof Fenced || error instanceof Cancelled) return abort(error);
        if (performance.now() > leaseEndsAt - leaseMarginMs)
          return abort(new Fenced("lease.lost", "The edge could not be reached before the lease ended"));
        if (!(error instanceof Transient))
          return abort(new Fenced("lease.refused", "The edge refused a report"));
        await sleep(500 + Math.random() * 500);
      }
    }
  }

  async function changeOrHeartbeat() {
    if (progress.unsent(1).length === 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, heartbeatSeconds * 1000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
        if (ended.signal.aborted) wake();
      });
    if (!ended.signal.aborted) await sleep(gatherMs, undefined, { signal: ended.signal }).catch(() => {});
  }

  async function report() {
    const sentAt = performance.now();
    const { stage, percent, scenesTotal, scenesReady, costMicroUsd } = progress.snapshot;
    const events = progress.unsent(eventsPerReport);
    const { lease_ms } = await edge.report(job.job_id, {
      attempt: job.attempt,
      stage,
      progress: percent,
      scenes_total: scenesTotal,
      scenes_ready: scenesReady,
      cost_usd: costMicroUsd / 1e6,
      events,
    });
    leaseEndsAt = sentAt + lease_ms;
    const last = events.at(-1);
    if (last) progress.confirm(last.n);
  }
}
