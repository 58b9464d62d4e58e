/**
 * Keeps an attempt's lease: carries its progress to the edge soon after every change, and at the latest every
 * `heartbeatSeconds`. Stops the attempt when the edge says so, or when the lease can no longer be trusted.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { heartbeatSeconds, limits } from "../contract/limits.ts";
import type { EdgeClient } from "./clients/edge.ts";
import { Cancelled, Fenced, Rejected, Transient } from "./errors.ts";
import type { NumberedEvent, Progress } from "./pipeline/progress.ts";
import { failpoint } from "./runtime/failpoint.ts";

/** Changes within this time travel together. */
const gatherMs = 250;
/** Before the lease ends by our clock, work stops: the edge may give the job away from then on. */
const leaseMarginMs = 5_000;
const eventsPerReport = 50;
const settlementsPerReport = 50;
const assetsPerReport = 100;

/** Somebody waits for it in front of a screen. */
const isUrgent = ({ event }: NumberedEvent) => event.type === "film.playable";

type Stop = Fenced | Cancelled | Transient;

export interface Reporting {
  /** Call after any change. */
  notify(): void;
  /** Settles when the edge has every event so far. Rejects with what the attempt died of. */
  drain(): Promise<void>;
  /** Ends without another word. */
  stop(): Promise<void>;
}

/**
 * `abort` is called once, when the attempt must stop at once: with Fenced or Cancelled, or with a Transient where the edge
 * refuses what is reported and the job is still the attempt's.
 */
export function startReporting(
  edge: Pick<EdgeClient, "report">,
  job: { job_id: string; attempt: number; lease_ms: number },
  progress: Progress,
  abort: (reason: Stop) => void,
): Reporting {
  const ended = new AbortController();
  let wake: () => void = () => {};
  let hasChanged = false;
  let leaseEndsAt = performance.now() + job.lease_ms;
  let reported = Promise.withResolvers<void>();
  let fatalError: Stop | null = null;
  const loop = run();

  return {
    notify: () => {
      hasChanged = true;
      wake();
    },
    drain: async () => {
      while (fatalError === null && (progress.hasUrgentReports || progress.unreportedAssets(1).length > 0)) {
        hasChanged = true;
        wake();
        await reported.promise;
      }
      if (fatalError !== null) throw fatalError;
    },
    stop: async () => {
      ended.abort();
      wake();
      await loop;
    },
  };

  async function run() {
    while (!ended.signal.aborted && fatalError === null) {
      await waitForChangeOrHeartbeat();
      if (ended.signal.aborted) return;
      try {
        await report();
      } catch (error) {
        fatalError = toFatalError(error);
        if (fatalError !== null) abort(fatalError);
        else await sleep(500 + Math.random() * 500);
      }
      reported.resolve();
      reported = Promise.withResolvers();
    }
  }

  function nextEvents(): NumberedEvent[] {
    return progress.unreportedEvents(eventsPerReport, limits.reportEventsBytes);
  }

  /** Why the attempt must stop after `error`, or null where another report may get through in time. */
  function toFatalError(error: unknown): Stop | null {
    if (error instanceof Fenced || error instanceof Cancelled) return error;
    if (performance.now() > leaseEndsAt - leaseMarginMs)
      return new Fenced("lease.lost", "The edge could not be reached before the lease ended");
    if (error instanceof Transient) return null;
    // Not fenced: the job is still ours, so it is handed back with the reason instead of left to its lease's end.
    const reason = error instanceof Rejected ? error.code : "unreadable";
    return new Transient("report.refused", `The edge refused a progress report (${reason})`, {
      cause: error,
    });
  }

  async function waitForChangeOrHeartbeat() {
    await waitUntil(() => hasChanged || progress.hasUrgentReports, heartbeatSeconds * 1000);
    await waitUntil(() => nextEvents().some(isUrgent), gatherMs);
    hasChanged = false;
  }

  /** Until it is so, by a nudge; for `ms` at most, and not beyond the end. */
  async function waitUntil(condition: () => boolean, ms: number) {
    if (ended.signal.aborted || condition()) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        if (!ended.signal.aborted && !condition()) return;
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async function report() {
    const sentAt = performance.now();
    const { stage, percent, scenesTotal, scenesReady, costMicroUsd } = progress.snapshot;
    const events = nextEvents();
    const charges = progress.unreportedSettlements(settlementsPerReport);
    const assets = progress.unreportedAssets(assetsPerReport);
    failpoint("report.before");
    const { lease_ms } = await edge.report(job.job_id, {
      attempt: job.attempt,
      stage,
      progress: percent,
      scenes_total: scenesTotal,
      scenes_ready: scenesReady,
      cost_usd: costMicroUsd / 1e6,
      events,
      charges,
      assets,
    });
    failpoint("report.sent");
    leaseEndsAt = sentAt + lease_ms;
    const last = events.at(-1);
    if (last) progress.confirmEvents(last.n);
    progress.confirmSettlements(charges);
    progress.confirmAssets(assets);
  }
}
