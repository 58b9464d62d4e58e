/** What a worker reports of its attempt while it makes the job. */
import { z } from "zod";
import { Settlements } from "./charge.ts";
import { WorkerEvent } from "./event.ts";
import { Stage } from "./job.ts";
import { limits } from "./limits.ts";
import { openEnum } from "./open-enum.ts";
import { AttemptNumber, CostUsd } from "./worker-message.ts";

const Assets = z
  .array(z.string().regex(/^[0-9a-f]{64}$/))
  .max(100)
  .default([]);

/** An event of a newer worker, which the edge reads as null. */
const UnknownEvent = z
  .unknown()
  .transform(() => null)
  .meta({ type: "object", description: "An event of a newer worker: accepted, and not stored." });

/**
 * POST /internal/jobs/{job_id}/progress: heartbeat and log in one. Renews the lease. `n` numbers an
 * attempt's events from 1; the edge stores each number once. `charges`: outcomes of purchases. `assets`:
 * fingerprints of the assets that the film uses. An event that the edge cannot read becomes null, because
 * the worker may be newer; the rest of the report counts.
 */
export const ProgressReport = z.object({
  attempt: AttemptNumber,
  /** A stage that the edge does not know is read as the first, so the job's stage does not change. */
  stage: openEnum(Stage, "queued"),
  progress: z.int().min(0).max(99),
  scenes_total: z.int().min(0).max(limits.scenes.max).nullable(),
  scenes_ready: z.int().min(0).max(limits.scenes.max),
  cost_usd: CostUsd,
  events: z.array(z.object({ n: z.int().min(1), event: z.union([WorkerEvent, UnknownEvent]) })).max(100),
  charges: Settlements,
  assets: Assets,
});
export type ProgressReport = z.infer<typeof ProgressReport>;

/** What a report says, carried by another message of the attempt: a ledger request or the job's end. */
export const CarriedReport = ProgressReport.omit({ attempt: true });
export type CarriedReport = z.infer<typeof CarriedReport>;

export const ProgressAnswer = z.object({
  lease_ms: z.int().positive(),
  /** The dream has listeners: report changes soon. An older edge does not say: then they may be there. */
  watched: z.boolean().default(true),
  /**
   * The edge asks for a report over the presence connection (limits.ts) when the job is cancelled and when
   * its dream gets its first listener. So a worker with an open connection reports at least every
   * `quietSeconds`, not every `heartbeatSeconds`. An older edge does not ask.
   */
  asks_for_reports: z.boolean().default(false),
});
export type ProgressAnswer = z.infer<typeof ProgressAnswer>;
