/**
 * Resolves after `ms`, or when the browser reports that the network is back.
 * @throws the signal's reason, when it aborts
 */
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

/** Aborts with `signal`, or when the browser goes offline: an open stream may take long to notice that. */
export function untilOffline(signal: AbortSignal): AbortSignal {
  const gone = new AbortController();
  addEventListener("offline", () => gone.abort(), { signal, once: true });
  return AbortSignal.any([signal, gone.signal]);
}
