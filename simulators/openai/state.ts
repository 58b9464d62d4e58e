import type { Control } from "./control.ts";
import type { Ledger } from "./ledger.ts";

/** What one running simulator remembers: the faults it was told to make, and the calls it has served. */
export interface SimulatorState {
  control: Control;
  ledger: Ledger;
}
