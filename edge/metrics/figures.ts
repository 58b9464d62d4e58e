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
