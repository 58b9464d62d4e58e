import type { Candidate } from "../store/deliveries.ts";
/** Chooses which of an owner's messages are sent next. */

/**
 * Messages that are in flight at once. @source developers.cloudflare.com/workers/platform/limits: six open
 * connections; two stay free for DNS and D1
 */
export const mostAtOnce = 4;
/** Of these, to one host: a silent host leaves the other half to the owner's other receivers. */
const mostPerHost = 2;

/**
 * Picks from the first due message of each webhook, longest due first, within the limits of connections.
 * `inFlight` holds the host of each running try.
 */
export function chooseNext(candidates: readonly Candidate[], inFlight: readonly string[]): Candidate[] {
  const busy = [...inFlight];
  const chosen: Candidate[] = [];
  for (const candidate of [...candidates].sort((a, b) => a.dueAt - b.dueAt)) {
    const host = hostOf(candidate.url);
    if (busy.length >= mostAtOnce) break;
    if (busy.filter((one) => one === host).length >= mostPerHost) continue;
    busy.push(host);
    chosen.push(candidate);
  }
  return chosen;
}

/** The host of a URL, or the text itself if it is not a URL. */
export const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);
