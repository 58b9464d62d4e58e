import type { OpsTimeline } from "../../../contract/ops.ts";

/** Where a job's time went, in milliseconds. */
export interface TimeSplit {
  /** It waited for a machine, or for the pause before another attempt. */
  waitedMs: number;
  /** It waited because an AI provider refused every call. */
  heldMs: number;
  /** Machines worked on it. */
  workedMs: number;
  /** The error code of the newest hold; null if there was none. */
  heldBy: string | null;
}

/** Divides the time from the request to the end, or to now, into waiting, being held and work. */
export function splitTime({ job, attempts, events }: OpsTimeline, nowMs: number): TimeSplit {
  const split: TimeSplit = { waitedMs: 0, heldMs: 0, workedMs: 0, heldBy: job.held?.code ?? null };
  const endMs = job.ended_at === null ? nowMs : Date.parse(job.ended_at);
  let idleSinceMs = Date.parse(job.created_at);
  let isHeld = false;
  const idleUntil = (atMs: number) => {
    const heldFromMs = isHeld ? idleSinceMs : Math.max(idleSinceMs, holdStartMs(job.held ?? null, atMs));
    split.heldMs += Math.max(0, atMs - heldFromMs);
    split.waitedMs += Math.max(0, Math.min(atMs, heldFromMs) - idleSinceMs);
  };
  for (const { attempt, started_at, ended_at } of attempts) {
    const startMs = Date.parse(started_at);
    const stopMs = ended_at === null ? endMs : Date.parse(ended_at);
    idleUntil(startMs);
    split.workedMs += Math.max(0, stopMs - startMs);
    idleSinceMs = stopMs;
    const retry = events.find((event) => event.type === "job.retrying" && event.attempt === attempt);
    isHeld = typeof retry?.data.held_since === "number";
    if (isHeld) split.heldBy = String(retry?.data.reason ?? split.heldBy);
  }
  if (attempts.at(-1)?.ended_at !== null || attempts.length === 0) idleUntil(Math.max(endMs, idleSinceMs));
  return split;
}

/** The start of the hold for which a queued job waits now; never, without one. */
const holdStartMs = (held: (OpsTimeline["job"]["held"] & object) | null, beforeMs: number) =>
  held === null ? beforeMs : Date.parse(held.since);
