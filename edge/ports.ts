import { ulid } from "ulid";

/** What the edge takes from outside: clock and ids. Passed in, so that a test controls them. */
export interface Ports {
  /** Milliseconds since 1970. Only this clock decides about leases, never a worker's. */
  now(): number;
  /**
   * A new unique id that cannot be guessed: `{kind}_` and a ULID in lower case, 48 bits of time and 80
   * random bits. Ids sort by the millisecond in which they were made and contain no dot and no slash.
   */
  newId(kind: "dream" | "drm" | "job" | "key" | "member" | "photo" | "req" | "seg" | "webhook"): string;
}

/** The real clock and random ids. */
export const realPorts: Ports = {
  now: () => Date.now(),
  newId: (kind) => `${kind}_${ulid().toLowerCase()}`,
};
