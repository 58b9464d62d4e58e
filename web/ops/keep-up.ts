/** Asks again and again while somebody looks. */

/** How the last question ended. `lost`: no answer, or a service that can not give one. */
export type Reach = "live" | "lost" | "paused";

const everyMs = 2_000;
const mostMs = 15_000;

interface KeepUp {
  /** Asks once. What it throws ends up in `failed`. */
  ask(signal: AbortSignal): Promise<void>;
  /** True where asking again can help. */
  failed(error: unknown): boolean;
  tell(reach: Reach): void;
}

/** Asks now, and every 2 s while the page can be seen, until `stay` is over. After failures it asks less often. */
export async function keepUp({ ask, failed, tell }: KeepUp, stay: AbortSignal): Promise<void> {
  for (let failures = 0; !stay.aborted; ) {
    if (document.hidden) {
      tell("paused");
      await oneOf(["visibilitychange"], stay);
      continue;
    }
    try {
      await ask(stay);
      failures = 0;
      tell("live");
    } catch (error) {
      if (stay.aborted) return;
      if (!failed(error)) return;
      failures++;
      tell("lost");
    }
    await oneOf(
      ["visibilitychange", "online", nudgeEvent],
      stay,
      Math.min(everyMs * 2 ** Math.max(0, failures - 1), mostMs),
    );
  }
}

const nudgeEvent = "dreamreel:look-again";

/** Asks now: something was done. */
export const nudge = () => dispatchEvent(new Event(nudgeEvent));

/** Waits for one of the events, the time, or the end of the stay. */
function oneOf(events: readonly string[], stay: AbortSignal, delayMs?: number): Promise<void> {
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
    stay.addEventListener("abort", done, { signal: over.signal });
  });
}
