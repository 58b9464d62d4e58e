import type { Control } from "./control.ts";
import type { Ledger } from "./ledger.ts";

/** The state of a running simulator: its faults, and the calls that it has served. */
export interface SimulatorState {
  control: Control;
  ledger: Ledger;
}
