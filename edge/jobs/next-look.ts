/** A lease has surely lapsed when it is looked at so long after its end. */
export const graceMs = 250;
/** However many leases lapse, D1 is asked no more often than this. */
const leastMs = 1_000;

/** When to look at D1 again, if the first of all leases ends at `firstMs`; null: nobody is at work. */
export const nextLookMs = (firstMs: number | null, nowMs: number): number | null =>
  firstMs === null ? null : Math.max(firstMs + graceMs, nowMs + leastMs);
