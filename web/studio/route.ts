/** The page's route is the fragment of its address: the Worker serves one file, and the back button works. */
export type Route =
  | { page: "compose" }
  | { page: "watch"; dreamId: string }
  /** The form about an existing dream. */
  | { page: "again"; dreamId: string };

/** The route of an address's fragment; the form for a new dream when it is unknown. */
export function readRoute(hash: string): Route {
  const [, dreamId, again] = /^#\/dreams\/([A-Za-z0-9_-]{1,64})(\/again)?$/.exec(hash) ?? [];
  if (dreamId === undefined) return { page: "compose" };
  return { page: again === undefined ? "watch" : "again", dreamId };
}

/** The fragment of the page that shows this dream's film, as `readRoute` reads it. */
export const watchAddress = (dreamId: string) => `#/dreams/${dreamId}`;

/** The fragment of the form in which this dream is changed and filmed again. */
export const againAddress = (dreamId: string) => `${watchAddress(dreamId)}/again`;

/** The dialogs that ask about the dream that is shown. */
const questions = "#confirm-dialog[open], #rename-dialog[open], #redo-dialog[open], #people-dialog[open]";

/** Calls `go` now and at each change of the address. The signal aborts at the next change. */
export function followRoute(go: (route: Route, signal: AbortSignal) => void): void {
  let visit = new AbortController();
  const followAddress = () => {
    // A question about the page before is no question about this one.
    for (const dialog of document.querySelectorAll<HTMLDialogElement>(questions)) dialog.close("no");
    visit.abort();
    visit = new AbortController();
    go(readRoute(location.hash), visit.signal);
  };
  addEventListener("hashchange", followAddress);
  followAddress();
}
