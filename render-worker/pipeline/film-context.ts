/** The inputs that all steps of making a film share. */

import type { ClaimedJob } from "../../contract/claim.ts";
import { type Aspect, filmSizes, previewSizes } from "../../contract/film.ts";
import type { GuardedAi } from "../ai/guard-ai.ts";
import type { Moderate } from "../ai/openai/moderate.ts";
import type { EdgeClient } from "../clients/edge.ts";
import type { Storage } from "../clients/storage.ts";
import type { MarkMedia } from "../credentials/sign-media.ts";
import type { Slots } from "../flow/slots.ts";
import type { Size } from "../media/camera/plan.ts";
import { type AssetStore, createAssetStore } from "../purchases/asset-store.ts";
import { hashOf } from "../purchases/fingerprint.ts";
import { createFirstCalls } from "../purchases/first-calls.ts";
import { createLedgerClient } from "../purchases/ledger-client.ts";
import type { Metrics } from "../runtime/metrics.ts";
import type { Providers } from "../runtime/providers.ts";
import { carryReports } from "./carried-report.ts";
import { noSheets, type Sheets } from "./cast/sheets.ts";
import { createFilmMarks, type FilmMarks } from "./mark-film.ts";
import type { NewScenes } from "./new-scenes.ts";
import type { OwnNarration } from "./own-narration.ts";
import type { Progress } from "./progress.ts";

export interface FilmPorts {
  /** The film's and the preview's pixels. Absent: those that the API promises. */
  sizes?: { film: Record<Aspect, Size>; preview: Record<Aspect, Size> };
  ai: GuardedAi;
  /** Absent: no words are asked about before they are used. */
  moderate?: Moderate;
  /** The edge keeps the charge ledger. */
  edge: Pick<EdgeClient, "charge">;
  storage: Storage;
  providers: Providers;
  /** Limits the encoders of all jobs of this process to the number of cores. */
  encoders: Slots;
  /** Signs content credentials into finished media. */
  markMedia: MarkMedia;
  /** Who signs: a hash of the certificates. Absent: a certificate of this process. */
  signedBy?: string;
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
  marks: FilmMarks;
  progress: Progress;
  signal: AbortSignal;
  /** The film's owner as AI providers know them: nothing in it says who they are. */
  safetyIdentifier: string;
  /** The recordings that narrate the film. Absent: another voice does. */
  narration?: OwnNarration | null;
  /** The reference sheets of the film's cast. */
  sheets: Sheets;
  /** Which scenes get something new. Absent where no film is made. */
  newScenes?: NewScenes;
}

/**
 * The context of one attempt at a film. Its owner flushes `assets` at the end.
 *
 * @param attempt ends the attempt
 * @param failed ends the film because a part of it has failed: calls to providers that are running are let
 *   finish, so that what they are paid for is kept
 */
export function openFilm(
  job: ClaimedJob,
  folder: string,
  progress: Progress,
  attempt: AbortSignal,
  ports: FilmPorts,
  failed: AbortSignal = attempt,
): FilmContext {
  const signal = AbortSignal.any([attempt, failed]);
  if (job.tries_providers) ports.ai.retryConfiguration();
  return {
    ...ports,
    job,
    folder,
    filmSize: (ports.sizes?.film ?? filmSizes)[job.options.aspect],
    previewSize: (ports.sizes?.preview ?? previewSizes)[job.options.aspect],
    assets: createAssetStore(
      {
        ...ports,
        progress,
        ledger: createLedgerClient(ports.edge, job, signal, carryReports(progress)),
        firstCalls: createFirstCalls(ports.ai),
      },
      job.asset_scope,
      folder,
      signal,
      attempt,
    ),
    sheets: noSheets,
    marks: createFilmMarks(ports.markMedia, progress),
    progress,
    signal,
    safetyIdentifier: hashOf({ safety: job.asset_scope }),
  };
}
