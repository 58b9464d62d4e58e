/** What the edge and a worker's process tell each other, apart from jobs. */
import { z } from "zod";
import { Priority } from "./film.ts";
import { openEnumOrNull } from "./open-enum.ts";

/**
 * POST /wake of a worker: a job may be ready. `queue`: the queue that has its message, which the worker asks
 * first; absent from an older edge, and if the wake is about no single message.
 */
export const Wake = z.object({ queue: openEnumOrNull(Priority).optional() });
export type Wake = z.infer<typeof Wake>;

/** Models that end on a day, the first without them, and the models to configure instead. */
export const EndingModels = z
  .array(
    z.object({
      model: z.string().max(128),
      ends_on: z.iso.date(),
      replacement: z.string().max(128),
    }),
  )
  .max(16)
  .default([]);
export type EndingModels = z.infer<typeof EndingModels>;

/**
 * POST /internal/workers/{worker_id}/sign-of-life: says that the machine runs. Operators see it, and the
 * forecast of waiting times counts its slots. Jobs do not depend on it: they have leases.
 */
export const WorkerHeartbeat = z.object({
  worker_id: z.string().min(1).max(128),
  region: z.string().max(32),
  version: z.string().max(32),
  slots: z.int().min(1).max(1_000),
  leaving: z.boolean().describe("The worker takes no more jobs and stops."),
  prices: z
    .string()
    .max(4_096)
    .optional()
    .describe("The AI prices that the worker is configured with, as `writePrices` writes them."),
  ending_models: EndingModels.describe("Configured AI models with an announced end."),
  queue_fault: z
    .string()
    .max(64)
    .nullable()
    .default(null)
    .describe("The error code of its calls to the queue, if they have failed for some seconds; else null."),
  every_seconds: z
    .number()
    .min(1)
    .max(50)
    .optional()
    .describe("The time between two heartbeats. An earlier version sends one a minute."),
});
export type WorkerHeartbeat = z.infer<typeof WorkerHeartbeat>;

/**
 * 200, for a heartbeat with `prices`. `prices`: those that the edge is configured with, in the same form.
 */
export const WorkerHeartbeatAnswer = z.object({ prices: z.string() });
export type WorkerHeartbeatAnswer = z.infer<typeof WorkerHeartbeatAnswer>;
