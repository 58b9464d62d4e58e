/** The figures that the metrics are made of. */
import type { OpsFigures } from "../../contract/ops.ts";

/** A counter of D1. `label` is its parts, separated by spaces. */
export interface Counter {
  name: string;
  label: string;
  value: number;
}

export interface Figures {
  now: Omit<OpsFigures, "at">;
  counters: Counter[];
}

/**
 * A histogram that D1 counts. `bounds` are the upper ends of its buckets in seconds; one more bucket takes
 * the rest.
 */
export interface Histogram {
  name: string;
  bounds: readonly number[];
}

/** From the time when a worker may claim the film to the first claim, by queue. */
export const queueWait: Histogram = { name: "queue_wait", bounds: [0.1, 0.5, 2, 10, 60, 300, 1200, 3600] };

/** From finish to the first playable scene. */
export const firstFrame: Histogram = { name: "first_frame", bounds: [5, 10, 20, 40, 80, 160, 640] };
