/**
 * Ends an attempt that makes no progress, whatever it waits for. The edge does the same a little later by not renewing
 * the lease; the worker is earlier, so that it settles its purchases and hands the job back with a reason.
 */
import { progressTimeoutSeconds } from "../../contract/limits.ts";
import { Transient } from "../errors.ts";

export interface StallTimes {
  /** Without progress for so long the attempt is told to stop. */
  timeoutMs: number;
  /** What has not stopped by then is left behind: its attempt is handed back without it. */
  abandonAfterMs: number;
}

export const defaultStallTimes: StallTimes = {
  timeoutMs: (progressTimeoutSeconds - 120) * 1000,
  abandonAfterMs: 60_000,
};

/** The attempt made no progress: it is handed back and counts as failed. */
export class Stalled extends Transient {
  constructor() {
    super("job.stalled", "The film made no progress for a long time");
  }
}

export interface ProgressWatch {
  /** Aborts with Stalled. */
  signal: AbortSignal;
  /** Rejects with Stalled where the work went on for `abandonAfterMs` after it was told to stop. */
  abandoned: Promise<never>;
  /** There was progress. */
  progressed(): void;
  end(): void;
}

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
