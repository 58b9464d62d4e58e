/** What the steps of making a film work with. */
import type { ClaimedJob } from "../../contract/internal.ts";
import type { GuardedAi } from "../ai/guard-ai.ts";
import type { Providers } from "../ai/providers.ts";
import type { EdgeClient } from "../clients/edge.ts";
import type { Storage } from "../clients/storage.ts";
import type { Slots } from "../flow/slots.ts";
import type { Size } from "../media/camera/plan.ts";
import type { AssetStore } from "../purchases/asset-store.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Progress } from "./progress.ts";

export interface FilmPorts {
  ai: GuardedAi;
  /** Where the ledger is kept. */
  edge: Pick<EdgeClient, "charge">;
  storage: Storage;
  providers: Providers;
  /** Encoders at the same time, over all jobs of this process: as many as cores. */
  encoders: Slots;
  metrics: Pick<Metrics, "assetReused" | "spent">;
  /** Calls to AI providers at the same time, over all jobs. */
  purchases: Slots;
  /** How long a purchase under way may still end and be stored when its attempt stops. */
  graceMs: number;
}

/** What every step of one attempt shares. */
export interface FilmContext extends FilmPorts {
  job: ClaimedJob;
  folder: string;
  filmSize: Size;
  previewSize: Size;
  assets: AssetStore;
  progress: Progress;
  signal: AbortSignal;
}
