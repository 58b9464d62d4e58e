import type { OpsFigures, OpsWorker } from "../../contract/ops.ts";

/** The data that every view gets, from the last poll. */
export interface ServiceState {
  figures: OpsFigures;
  workers: OpsWorker[];
  /** Figures of about an hour ago; undefined when there are none. */
  hourAgo: OpsFigures | undefined;
  /** Figures that this page polled, oldest first. */
  seen: readonly OpsFigures[];
  /** The service's clock, in Unix milliseconds. */
  nowMs: number;
}

export interface View {
  /** Loads the view's data. Resolves to a function that draws it, which the caller skips after an abort. */
  load(service: ServiceState, signal: AbortSignal): Promise<() => void>;
}
