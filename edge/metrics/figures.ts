/** The figures that the metrics are made of. */
import type { OpsFigures } from "../../contract/ops.ts";

/** A counter of D1. `label`: its parts, separated by spaces. */
export interface Counter {
  name: string;
  label: string;
  value: number;
}

export interface Figures {
  now: Omit<OpsFigures, "at">;
  counters: Counter[];
}

/** The histograms that D1 counts. `bounds`: the upper ends of the buckets in seconds; one more bucket takes the rest. */
export interface Histogram {
  name: string;
  bounds: readonly number[];
}

/** From finish to the first claim. By queue. */
export const queueWait: Histogram = { name: "queue_wait", bounds: [0.1, 0.5, 2, 10, 60, 300, 1200, 3600] };

/** From finish to a first scene that plays. */
export const firstFrame: Histogram = { name: "first_frame", bounds: [5, 10, 20, 40, 80, 160, 640] };
