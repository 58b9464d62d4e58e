/**
 * The durable log of a job. Status, SSE and webhooks are views of it. The percentage is not an event: it is
 * sent live and never stored.
 */
import { z } from "zod";
import { PaidCapability } from "./charge.ts";
import { PausePoint, Priority } from "./film.ts";
import { Stage } from "./job.ts";
import { Storyboard } from "./storyboard.ts";
import { TakeAsset } from "./takes.ts";

const event = <T extends string, S extends z.ZodRawShape>(type: T, data: S) =>
  z.object({ type: z.literal(type), data: z.object(data) });

const sceneIndex = z.int().min(0).describe("Counts from 0.");
const seconds = z.number().min(0);

/** Events a worker reports. `scene.*` carry the scene's index. */
export const WorkerEvent = z.discriminatedUnion("type", [
  event("job.stage", { stage: Stage }),
  event("job.storyboard", Storyboard.shape),
  event("scene.picture", { scene: sceneIndex, key: z.string(), reused: z.boolean() }),
  event("scene.voice", { scene: sceneIndex, seconds, reused: z.boolean() }),
  event("scene.ready", { scene: sceneIndex, seconds, reused: z.boolean() }),
  event("film.playable", {
    scene: sceneIndex,
    seconds,
    rendition: z.string().describe("360p comes first, 1080p follows."),
  }),
  event("film.preview", { seconds }),
  event("job.cost", {
    cost_usd: z.number().min(0),
    for: PaidCapability,
    scene: sceneIndex.nullable(),
  }),
  event("job.reused", {
    saved_usd: z.number().min(0).describe("What it cost when it was bought."),
    for: PaidCapability,
    scene: sceneIndex.nullable(),
  }),
  event("job.warning", { code: z.string(), message: z.string(), scene: sceneIndex.nullable() }),
]);
export type WorkerEvent = z.infer<typeof WorkerEvent>;

/** Events that the edge writes, in the same batch of statements as the change of state that they record. */
export const EdgeEvent = z.discriminatedUnion("type", [
  event("job.queued", { priority: Priority }),
  event("job.started", { attempt: z.int(), worker_id: z.string() }),
  event("job.retrying", {
    attempt: z.int(),
    reason: z.string(),
    delay_seconds: z.int(),
    held_since: z
      .int()
      .nullish()
      .describe(
        "Set if an AI provider refuses all calls, and the job waits until it does not. Milliseconds.",
      ),
  }),
  event("job.waiting", {
    at: PausePoint,
    revision: z.int().describe("Of the storyboard."),
    expires_at: z.iso.datetime().describe("The job ends as `expired` if it is not approved by then."),
    is_refused: z
      .boolean()
      .optional()
      .describe("It was approved, and waits again because AI providers refuse words of its storyboard."),
  }),
  event("job.approved", { revision: z.int() }),
  event("job.expiring", { expires_at: z.iso.datetime() }),
  event("job.expired", {}),
  event("job.completed", { duration_seconds: seconds, scenes: z.int(), cost_usd: z.number() }),
  event("job.failed", { code: z.string(), message: z.string(), retryable: z.boolean() }),
  event("job.cancelled", {}),
  event("takes.bought", { scene: sceneIndex, asset: TakeAsset, ready: z.int(), cost_usd: z.number() }),
  event("segment.transcribed", {
    segment_id: z.string(),
    seconds,
    language: z.string().nullable(),
    cost_usd: z.number(),
  }),
]);
export type EdgeEvent = z.infer<typeof EdgeEvent>;

/** The events that end a job: the last ones of its log. */
export const endEvents = ["job.completed", "job.failed", "job.cancelled", "job.expired"] as const;

/** One stored line. `seq` starts at 1 and has no holes within a job. */
export const JobEvent = z
  .object({ seq: z.int().min(1), job_id: z.string(), at: z.iso.datetime() })
  .and(z.union([WorkerEvent, EdgeEvent]));
export type JobEvent = z.infer<typeof JobEvent>;
