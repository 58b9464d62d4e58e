/**
 * Keeps an attempt's lease: reports progress to the edge soon after every change while the dream has
 * listeners, and otherwise at intervals. Stops the attempt when the edge says so, or before the lease could
 * have ended.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { heartbeatSeconds, quietSeconds } from "../contract/limits.ts";
import type { CarriedReport, ProgressAnswer } from "../contract/report.ts";
import type { EdgeClient } from "./clients/edge.ts";
import { Cancelled, Fenced, Rejected, Transient } from "./errors.ts";
import { confirmReport, describeReport, fitsCarriedReport, nextEvents } from "./pipeline/carried-report.ts";
import type { NumberedEvent, Progress } from "./pipeline/progress.ts";
import { failpoint } from "./runtime/failpoint.ts";

/** Changes within this time go into one report, if the dream has listeners. */
const gatherMs = 250;
/**
 * The attempt stops this long before its lease ends by the worker's clock: after the end the edge may give
 * the job to another worker.
 */
const leaseMarginMs = 5_000;

/** A viewer is waiting for this event. */
const isUrgent = ({ event }: NumberedEvent) => event.type === "film.playable";

type Stop = Fenced | Cancelled | Transient;

export interface Reporting {
  /** Call this after every change of `progress`. */
  notify(): void;
  /** Reports now, changed or not: the edge asks for it, or may take this worker for dead. */
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
  takeRest(): Promise<CarriedReport>;
  /** Stops reporting without a last report. */
  stop(): Promise<void>;
}

/**
 * Starts to report `progress` and to renew the job's lease.
 *
 * @param abort is called at most once, when the attempt must stop: with Fenced or Cancelled, or with a
 *   Transient if the edge refuses the report while the attempt still holds the job
 * @param canBeAsked whether the edge can ask this process for a report, so that it may report less often
 */
export function startReporting(
  edge: Pick<EdgeClient, "report">,
  job: { job_id: string; attempt: number; lease_ms: number },
  progress: Progress,
  abort: (reason: Stop) => void,
  canBeAsked: () => boolean = () => false,
): Reporting {
  const ended = new AbortController();
  let wake: () => void = () => {};
  let changedAt: number | null = null;
  let isDraining = false;
  let onlyHeartbeats = false;
  let mustReport = false;
  let isWatched = true;
  let edgeAsks = false;
  let underWay: Promise<void> = Promise.resolve();
  let confirmedAt = performance.now();
  let leaseEndsAt = confirmedAt + job.lease_ms;
  let reported = Promise.withResolvers<void>();
  let fatalError: Stop | null = null;
  progress.onCarried = (answer, sentAt) => {
    take(answer, sentAt);
    if (!hasNews()) changedAt = null;
    wake();
  };
  const loop = run();

  return {
    notify: () => {
      changedAt ??= performance.now();
      wake();
    },
    prove: () => {
      mustReport = true;
      wake();
    },
    drain,
    takeRest: async () => {
      onlyHeartbeats = true;
      await underWay;
      if (fatalError !== null) throw fatalError;
      if (!fitsCarriedReport(progress)) await drain();
      onlyHeartbeats = true;
      return describeReport(progress);
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
    while (fatalError === null && hasNews()) {
      wake();
      await reported.promise;
    }
    isDraining = false;
    if (fatalError !== null) throw fatalError;
  }

  function hasNews(): boolean {
    return progress.hasUrgentReports || progress.unreportedAssets(1).length > 0;
  }

  async function run() {
    while (!ended.signal.aborted && fatalError === null) {
      await untilDue();
      if (ended.signal.aborted) return;
      try {
        const sent = report();
        underWay = sent.catch(() => {});
        await sent;
      } catch (error) {
        fatalError = toFatalError(error);
        if (fatalError !== null) abort(fatalError);
        else await sleep(500 + Math.random() * 500);
        mustReport = true;
      }
      reported.resolve();
      reported = Promise.withResolvers();
    }
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

  /** When the next report is due, by what is known now. */
  function dueAt(): number {
    if (mustReport || (isDraining && hasNews())) return 0;
    const silentMs = (edgeAsks && canBeAsked() ? quietSeconds : heartbeatSeconds) * 1000;
    const heartbeatAt = confirmedAt + silentMs;
    if (onlyHeartbeats) return heartbeatAt;
    if (nextEvents(progress).some(isUrgent)) return 0;
    const isChanged = changedAt !== null || progress.hasUrgentReports;
    if (!isWatched || !isChanged) return heartbeatAt;
    return Math.min(heartbeatAt, (changedAt ?? confirmedAt) + gatherMs);
  }

  async function untilDue() {
    for (;;) {
      const ms = dueAt() - performance.now();
      if (ms <= 0 || ended.signal.aborted) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async function report() {
    const sentAt = performance.now();
    changedAt = null;
    mustReport = false;
    const said = describeReport(progress);
    failpoint("report.before");
    const answer = await edge.report(job.job_id, { attempt: job.attempt, ...said });
    failpoint("report.sent");
    confirmReport(progress, said);
    take(answer, sentAt);
  }

  function take({ lease_ms, watched, asks_for_reports }: ProgressAnswer, sentAt: number) {
    leaseEndsAt = Math.max(leaseEndsAt, sentAt + lease_ms);
    // A ledger request may be answered after a report that was sent later and knows more.
    if (sentAt < confirmedAt) return;
    confirmedAt = sentAt;
    isWatched = watched;
    edgeAsks = asks_for_reports;
  }
}
