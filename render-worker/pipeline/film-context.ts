/** The inputs that all steps of making a film share. */
import type { ClaimedJob } from "../../contract/internal.ts";
import type { GuardedAi } from "../ai/guard-ai.ts";
import type { EdgeClient } from "../clients/edge.ts";
import type { Storage } from "../clients/storage.ts";
import type { Slots } from "../flow/slots.ts";
import type { Size } from "../media/camera/plan.ts";
import type { AssetStore } from "../purchases/asset-store.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Providers } from "../runtime/providers.ts";
import type { Progress } from "./progress.ts";

export interface FilmPorts {
  ai: GuardedAi;
  /** The edge keeps the charge ledger. */
  edge: Pick<EdgeClient, "charge">;
  storage: Storage;
  providers: Providers;
  /** Limits the encoders of all jobs of this process to the number of cores. */
  encoders: Slots;
  metrics: Pick<Metrics, "assetReused" | "spent">;
  /** Limits the AI calls of all jobs of this process. */
  purchases: Slots;
  /**
   * How long a running purchase may take to end and to be stored after its attempt has stopped, in
   * milliseconds.
   */
  graceMs: number;
}

/** The state of one attempt. */
export interface FilmContext extends FilmPorts {
  job: ClaimedJob;
  folder: string;
  filmSize: Size;
  previewSize: Size;
  assets: AssetStore;
  progress: Progress;
  signal: AbortSignal;
}
