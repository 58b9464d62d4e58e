import { ulid } from "ulid";

/** What the edge can not decide alone. Handed in, so that a test may hold the clock and the names. */
export interface Ports {
  /** Milliseconds since 1970. Leases are judged by this clock alone, never by a worker's. */
  now(): number;
  /**
   * A new unique id that cannot be guessed: `{kind}_` and a ULID in lower case, 48 bits of time and 80 random bits.
   * Ids sort by the millisecond in which they were made and contain no dot and no slash.
   */
  newId(kind: "dream" | "drm" | "job" | "key" | "req" | "webhook"): string;
}

export const realPorts: Ports = {
  now: () => Date.now(),
  newId: (kind) => `${kind}_${ulid().toLowerCase()}`,
};
