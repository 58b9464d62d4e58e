/** Where the page is, kept in the address's fragment: the Worker serves one file, and going back works. */
export type Route = { page: "compose" } | { page: "watch"; dreamId: string };

export function readRoute(hash: string): Route {
  const [, dreamId] = /^#\/dreams\/([A-Za-z0-9_-]{1,64})$/.exec(hash) ?? [];
  return dreamId === undefined ? { page: "compose" } : { page: "watch", dreamId };
}

export const watchAddress = (dreamId: string) => `#/dreams/${dreamId}`;

/** Calls `go` now and whenever the address changes, with what ends the stay there. */
export function followRoute(go: (route: Route, stay: AbortSignal) => void): void {
  let stay = new AbortController();
  const arrive = () => {
    stay.abort();
    stay = new AbortController();
    go(readRoute(location.hash), stay.signal);
  };
  addEventListener("hashchange", arrive);
  arrive();
}
