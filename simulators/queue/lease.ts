/**
 * Lease ids and peek refs, opaque to clients. The id itself holds the data, so that a late ack is understood
 * long after its lease lapsed. Cloudflare encrypts its ids; here they are only encoded, as a forged id is no
 * risk locally.
 */
export interface Ticket {
  kind: "lease" | "ref";
  queueId: string;
  messageId: string;
  /** The number of the delivery that this lease belongs to, from 1. */
  attempt: number;
}

/** Encodes a ticket as a lease id or a peek ref. */
export function writeTicket({ kind, queueId, messageId, attempt }: Ticket): string {
  return btoa(JSON.stringify([kind, queueId, messageId, attempt]));
}

/** Decodes a lease id or a peek ref. Undefined when `text` is no ticket of this kind and queue. */
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
