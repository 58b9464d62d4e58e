/** Resolves after `ms`, or as soon as the browser says that the network is back. Rejects when `signal` aborts. */
export function pauseUntilOnline(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settled = new AbortController();
    const settle = (act: () => void) => () => {
      settled.abort();
      clearTimeout(timer);
      act();
    };
    const timer = setTimeout(settle(resolve), ms);
    addEventListener("online", settle(resolve), { signal: settled.signal });
    signal.addEventListener(
      "abort",
      settle(() => reject(signal.reason)),
      { signal: settled.signal },
    );
  });
}

/** Aborts when the browser says that the network is gone: a stream that is open then may not notice for long. */
export function untilOffline(signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  addEventListener("offline", () => gone.abort(), { signal, once: true });
  return AbortSignal.any([signal, gone.signal]);
}
