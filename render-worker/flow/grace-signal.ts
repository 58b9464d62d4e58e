/**
 * A signal that aborts `ms` after `signal` does, for its reason: for work that is paid already, and whose loss would be
 * paid for again. Where `signal` has aborted before, there is nothing to save, and it aborts at once.
 */
export function createGraceSignal(signal: AbortSignal, ms: number): AbortSignal {
  const late = new AbortController();
  if (signal.aborted) late.abort(signal.reason);
  // What is under way keeps the process alive; the timer alone must not.
  else
    signal.addEventListener("abort", () => setTimeout(() => late.abort(signal.reason), ms).unref(), {
      once: true,
    });
  return late.signal;
}
