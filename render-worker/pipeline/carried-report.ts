/**
 * Reports that go with another message of the attempt: with a ledger request (../purchases/ledger-client.ts)
 * or with the job's end (../reporting.ts). What they confirm, the next report leaves out.
 */
import { limits } from "../../contract/limits.ts";
import type { CarriedReport } from "../../contract/report.ts";
import type { Carrier } from "../purchases/ledger-client.ts";
import type { NumberedEvent, Progress } from "./progress.ts";

/** The most of each kind in one report. */
const most = { events: 50, settlements: 50, assets: 100 };
/** Bytes of the events in another message, whose own fields need the rest of the body's limit. */
const carriedEventsBytes = limits.internalBodyBytes / 4;

/** The next events to report by themselves: at least one, if there is any. */
export const nextEvents = (progress: Progress): NumberedEvent[] =>
  progress.unreportedEvents(most.events, limits.reportEventsBytes);

/** What a report with these events says. */
export function describeReport(progress: Progress, events = nextEvents(progress)): CarriedReport {
  const { stage, percent, scenesTotal, scenesReady, costMicroUsd } = progress.snapshot;
  return {
    stage,
    progress: percent,
    scenes_total: scenesTotal,
    scenes_ready: scenesReady,
    cost_usd: costMicroUsd / 1e6,
    events,
    charges: progress.unreportedSettlements(most.settlements),
    assets: progress.unreportedAssets(most.assets),
  };
}

/** Forgets what the edge has stored. */
export function confirmReport(progress: Progress, { events, charges, assets }: CarriedReport): void {
  const last = events.at(-1);
  if (last) progress.confirmEvents(last.n);
  progress.confirmSettlements(charges);
  progress.confirmAssets(assets);
}

/** Whether one carried report can say everything that is unreported. */
export function fitsCarriedReport(progress: Progress): boolean {
  const all = progress.unreportedEvents(most.events + 1, Number.POSITIVE_INFINITY);
  return (
    all.length <= most.events &&
    bytesOf(all) <= carriedEventsBytes &&
    progress.unreportedSettlements(most.settlements + 1).length <= most.settlements &&
    progress.unreportedAssets(most.assets + 1).length <= most.assets
  );
}

const bytesOf = (events: readonly NumberedEvent[]) => Buffer.byteLength(JSON.stringify(events));

/** Carries the reports of this progress, and tells `progress.onCarried` of the edge's answers. */
export const carryReports = (progress: Progress): Carrier => ({
  take() {
    const events = progress.unreportedEvents(most.events, carriedEventsBytes);
    return bytesOf(events) <= carriedEventsBytes ? describeReport(progress, events) : null;
  },
  stored(report, answer, sentAtMs) {
    confirmReport(progress, report);
    progress.onCarried(answer, sentAtMs);
  },
});
