/**
 * Lease ids and peek refs: opaque to clients, and needing no table, as a late ack must be understood long after its
 * lease lapsed. Cloudflare encrypts its own; ours are only encoded, since nobody gains by forging one on a laptop.
 */
export interface Ticket {
  kind: "lease" | "ref";
  queueId: string;
  messageId: string;
  /** The delivery this lease was given for, counted from 1. */
  attempt: number;
}

export function writeTicket({ kind, queueId, messageId, attempt }: Ticket): string {
  return btoa(JSON.stringify([kind, queueId, messageId, attempt]));
}

/** Undefined for anything that this queue never gave out as `kind`. */
export function readTicket(text: string, kind: Ticket["kind"], queueId: string): Ticket | undefined {
  try {
    const [foundKind, foundQueueId, messageId, attempt] = JSON.parse(atob(text));
    if (foundKind !== kind || foundQueueId !== queueId) return undefined;
    if (typeof messageId !== "string" || !Number.isInteger(attempt)) return undefined;
    return { kind, queueId, messageId, attempt };
  } catch {
    return undefined;
  }
}
