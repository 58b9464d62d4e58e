/**
 * A signal that aborts `ms` after `signal`, with the same reason. Use it for work that is already paid for
 * and would be paid for again if it was lost. If `signal` is already aborted, the new signal is aborted too.
 */
export function createGraceSignal(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController();
  if (signal.aborted) late.abort(signal.reason);
  // The work keeps the process alive; the timer alone must not.
  else
    signal.addEventListener("abort", () => setTimeout(() => late.abort(signal.reason), ms).unref(), {
      once: true,
    });
  return late.signal;
}
