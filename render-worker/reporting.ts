/**
 * Keeps an attempt's lease: reports progress to the edge soon after every change while the dream has
 * listeners, and at least every `heartbeatSeconds`. Stops the attempt when the edge says so, or before the lease could have ended.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { heartbeatSeconds, limits } from "../contract/limits.ts";
import type { LastReport } from "../contract/report.ts";
import type { EdgeClient } from "./clients/edge.ts";
import { Cancelled, Fenced, Rejected, Transient } from "./errors.ts";
import type { NumberedEvent, Progress } from "./pipeline/progress.ts";
import { failpoint } from "./runtime/failpoint.ts";

/** Changes within this time go into one report: of a dream with listeners, and of one without. */
const gatherMs = { watched: 250, unwatched: heartbeatSeconds * 1000 };
/**
 * The attempt stops this long before its lease ends by the worker's clock: after the end the edge may give
 * the job to another worker.
 */
const leaseMarginMs = 5_000;
const eventsPerReport = 50;
const settlementsPerReport = 50;
const assetsPerReport = 100;
/** Bytes of the events that go with the job's end, whose own fields need the rest of the body's limit. */
const lastEventsBytes = limits.internalBodyBytes / 4;

/** A viewer is waiting for this event. */
const isUrgent = ({ event }: NumberedEvent) => event.type === "film.playable";

type Stop = Fenced | Cancelled | Transient;

export interface Reporting {
  /** Call this after every change of `progress`. */
  notify(): void;
  /** Reports now, changed or not: the edge may take this worker for dead. */
  prove(): void;
  /**
   * Sends at once what the edge has not confirmed, and resolves when it has confirmed everything.
   *
   * @throws Fenced, Cancelled or Transient: what stopped the attempt
   */
  drain(): Promise<void>;
  /**
   * Gives what the edge has not confirmed, to be sent with the job's end. From then on only heartbeats are
   * sent, until `drain`. What is too much for that message is sent first.
   *
   * @throws Fenced, Cancelled or Transient: what stopped the attempt
   */
  takeRest(): Promise<LastReport>;
  /** Stops reporting without a last report. */
  stop(): Promise<void>;
}

/**
 * Starts to report `progress` and to renew the job's lease.
 *
 * @param abort is called at most once, when the attempt must stop: with Fenced or Cancelled, or with a
 *   Transient if the edge refuses the report while the attempt still holds the job
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
  let isDraining = false;
  let onlyHeartbeats = false;
  let isDoubted = false;
  let isWatched = true;
  let underWay: Promise<void> = Promise.resolve();
  let leaseEndsAt = performance.now() + job.lease_ms;
  let reported = Promise.withResolvers<void>();
  let fatalError: Stop | null = null;
  const loop = run();

  return {
    notify: () => {
      hasChanged = true;
      wake();
    },
    prove: () => {
      isDoubted = true;
      wake();
    },
    drain,
    takeRest: async () => {
      onlyHeartbeats = true;
      await underWay;
      if (fatalError !== null) throw fatalError;
      if (!fitsLastReport()) await drain();
      onlyHeartbeats = true;
      return describe(nextEvents());
    },
    stop: async () => {
      ended.abort();
      wake();
      await loop;
    },
  };

  async function drain() {
    isDraining = true;
    onlyHeartbeats = false;
    while (fatalError === null && (progress.hasUrgentReports || progress.unreportedAssets(1).length > 0)) {
      hasChanged = true;
      wake();
      await reported.promise;
    }
    isDraining = false;
    if (fatalError !== null) throw fatalError;
  }

  function fitsLastReport(): boolean {
    const all = progress.unreportedEvents(eventsPerReport + 1, Number.POSITIVE_INFINITY);
    return (
      all.length <= eventsPerReport &&
      Buffer.byteLength(JSON.stringify(all)) <= lastEventsBytes &&
      progress.unreportedSettlements(settlementsPerReport + 1).length <= settlementsPerReport &&
      progress.unreportedAssets(assetsPerReport + 1).length <= assetsPerReport
    );
  }

  async function run() {
    while (!ended.signal.aborted && fatalError === null) {
      await waitForChangeOrHeartbeat();
      if (ended.signal.aborted) return;
      try {
        const sent = report();
        underWay = sent.catch(() => {});
        await sent;
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

  /** Why the attempt must stop after `error`; null if a later report may still arrive in time. */
  function toFatalError(error: unknown): Stop | null {
    if (error instanceof Fenced || error instanceof Cancelled) return error;
    if (performance.now() > leaseEndsAt - leaseMarginMs)
      return new Fenced("lease.lost", "The worker could not reach the edge before its lease ended");
    if (error instanceof Transient) return null;
    // The attempt still holds the job: releasing it with the reason is faster than letting the lease end.
    const reason = error instanceof Rejected ? error.code : "unreadable";
    return new Transient("report.refused", `The edge refused a progress report (${reason})`, {
      cause: error,
    });
  }

  async function waitForChangeOrHeartbeat() {
    const heartbeatAt = performance.now() + heartbeatSeconds * 1000;
    const isDue = () => isDoubted || (!onlyHeartbeats && (hasChanged || progress.hasUrgentReports));
    do {
      await waitUntil(isDue, heartbeatAt - performance.now());
      await waitUntil(
        () => isDoubted || isDraining || nextEvents().some(isUrgent),
        gatherMs[isWatched ? "watched" : "unwatched"],
      );
    } while (onlyHeartbeats && !isDoubted && performance.now() < heartbeatAt && !ended.signal.aborted);
    hasChanged = false;
    isDoubted = false;
  }

  /** Resolves when a wake finds `condition` true, when `ms` have passed, or when reporting ends. */
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
    const said = describe(nextEvents());
    failpoint("report.before");
    const { lease_ms, watched } = await edge.report(job.job_id, { attempt: job.attempt, ...said });
    failpoint("report.sent");
    leaseEndsAt = sentAt + lease_ms;
    isWatched = watched;
    const last = said.events.at(-1);
    if (last) progress.confirmEvents(last.n);
    progress.confirmSettlements(said.charges);
    progress.confirmAssets(said.assets);
  }

  function describe(events: NumberedEvent[]): LastReport {
    const { stage, percent, scenesTotal, scenesReady, costMicroUsd } = progress.snapshot;
    return {
      stage,
      progress: percent,
      scenes_total: scenesTotal,
      scenes_ready: scenesReady,
      cost_usd: costMicroUsd / 1e6,
      events,
      charges: progress.unreportedSettlements(settlementsPerReport),
      assets: progress.unreportedAssets(assetsPerReport),
    };
  }
}
