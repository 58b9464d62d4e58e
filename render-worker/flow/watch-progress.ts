/**
 * Ends an attempt that makes no progress.
 *
 * The edge also stops renewing such an attempt's lease, a little later. The worker acts first, so that it can
 * settle its purchases and hand the job back with a reason.
 */
import { progressTimeoutSeconds } from "../../contract/limits.ts";
import { Transient } from "../errors.ts";

export interface StallTimes {
  /** The attempt is stopped after so many milliseconds without progress. */
  timeoutMs: number;
  /** If the work has not ended this long after the stop, the job is handed back without waiting for it. */
  abandonAfterMs: number;
}

export const defaultStallTimes: StallTimes = {
  timeoutMs: (progressTimeoutSeconds - 120) * 1000,
  abandonAfterMs: 60_000,
};

/** The attempt made no progress: the job is handed back and the attempt counts as failed. */
export class Stalled extends Transient {
  constructor() {
    super("job.stalled", "The job made no progress for too long, so its attempt was stopped");
  }
}

export interface ProgressWatch {
  /** Aborts with Stalled after `timeoutMs` without progress. */
  signal: AbortSignal;
  /** Rejects with Stalled if the work has not ended `abandonAfterMs` after that. */
  abandoned: Promise<never>;
  /** Restarts the time limit. */
  progressed(): void;
  end(): void;
}

/** Starts to watch an attempt. Call `end` when the attempt is over, or its timer keeps running. */
export function watchProgress({ timeoutMs, abandonAfterMs }: StallTimes = defaultStallTimes): ProgressWatch {
  const stalled = new AbortController();
  const { promise: abandoned, reject } = Promise.withResolvers<never>();
  abandoned.catch(() => {});
  let leaving: NodeJS.Timeout | undefined;
  const timer = setTimeout(() => {
    const reason = new Stalled();
    stalled.abort(reason);
    leaving = setTimeout(() => reject(reason), abandonAfterMs);
  }, timeoutMs);
  return {
    signal: stalled.signal,
    abandoned,
    progressed: () => {
      if (!stalled.signal.aborted) timer.refresh();
    },
    end: () => {
      clearTimeout(timer);
      clearTimeout(leaving);
    },
  };
}
