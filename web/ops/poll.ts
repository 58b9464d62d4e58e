/** Polls the service while the page is visible. */

/** `lost`: the service does not answer, or cannot. `paused`: the page is hidden. */
export type Connection = "live" | "lost" | "paused";

const intervalMs = 2_000;
const maxIntervalMs = 15_000;

interface PollOptions {
  /** Loads once. */
  load(signal: AbortSignal): Promise<void>;
  /** Handles an error of `load`. True when another try can succeed. */
  canRetry(error: unknown): boolean;
  onChange(connection: Connection): void;
}

/**
 * Loads now and every 2 s while the page is visible, until `signal` aborts. Failures lengthen the interval.
 */
export async function poll({ load, canRetry, onChange }: PollOptions, signal: AbortSignal): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    if (document.hidden) {
      onChange("paused");
      await oneOf(["visibilitychange"], signal);
      continue;
    }
    try {
      await load(signal);
      failures = 0;
      onChange("live");
    } catch (error) {
      if (signal.aborted) return;
      if (!canRetry(error)) return;
      failures++;
      onChange("lost");
    }
    await oneOf(
      ["visibilitychange", "online", pollNowEvent],
      signal,
      Math.min(intervalMs * 2 ** Math.max(0, failures - 1), maxIntervalMs),
    );
  }
}

const pollNowEvent = "dreamreel:poll-now";

/** Loads at once, for example after an action. */
export const pollNow = () => dispatchEvent(new Event(pollNowEvent));

/** Resolves at the first of these events, after `delayMs`, or when `signal` aborts. */
function oneOf(events: readonly string[], signal: AbortSignal, delayMs?: number): Promise<void> {
  return new Promise((resolve) => {
    const over = new AbortController();
    const done = () => {
      clearTimeout(timer);
      over.abort();
      resolve();
    };
    const timer = delayMs === undefined ? undefined : setTimeout(done, delayMs);
    for (const event of events) {
      addEventListener(event, done, { signal: over.signal });
      document.addEventListener(event, done, { signal: over.signal });
    }
    signal.addEventListener("abort", done, { signal: over.signal });
  });
}
