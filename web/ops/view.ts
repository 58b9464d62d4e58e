import type { OpsFigures, OpsWorker } from "../../contract/ops.ts";

/** What every view knows, as of the last answer. */
export interface World {
  figures: OpsFigures;
  workers: OpsWorker[];
  /** Figures of about an hour ago; undefined where there are none that old. */
  hourAgo: OpsFigures | undefined;
  /** Figures that this page has read itself, oldest first. */
  seen: readonly OpsFigures[];
  /** By the service's clock. */
  nowMs: number;
}

export interface View {
  /** Reads what the view shows. Resolves to what draws it: the caller draws only what is still wanted. */
  look(world: World, signal: AbortSignal): Promise<() => void>;
}
