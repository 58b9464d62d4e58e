import type { OpsFigures } from "../../contract/ops.ts";

/** What the `counts` triggers have counted. `label`: its parts, parted by a space. */
export interface Counter {
  name: string;
  label: string;
  value: number;
}

export interface Figures {
  now: Omit<OpsFigures, "at">;
  counters: Counter[];
}
