/** What operators see and do, with the admin key. No answer shows the text of a dream or a film. */
import { z } from "zod";
import { Priority } from "./film.ts";
import { Held, OpsHold } from "./hold.ts";
import { JobStatus, Stage } from "./job.ts";
import { jobKinds } from "./job-kind.ts";
import { limits } from "./limits.ts";
import { EndingModels } from "./worker-heartbeat.ts";

const count = z.int().min(0);
const time = z.iso.datetime();

const QueueFigures = z.object({
  depth: count.describe(
    "Queued jobs, counted up to 10,000, without films that wait for the segments of their dream.",
  ),
  oldest_seconds: z.number().min(0).describe("Age of the oldest queued job; 0 if none is queued."),
  /** Samples of an earlier version lack it. */
  ready_seconds: z
    .number()
    .min(0)
    .optional()
    .describe(
      "The longest time for which a machine was up that could have taken a queued job; 0 if all of them are held.",
    ),
  waits: count.describe("Films that have left the queue since the service started to count."),
  waited_seconds: z
    .number()
    .min(0)
    .describe("Sum of their waiting times. Two samples give the mean between them."),
});

/** The service's state. Totals only grow: the difference of two samples is what happened in between. */
export const OpsFigures = z
  .object({
    at: time,
    queues: z.object({ premium: QueueFigures, standard: QueueFigures }),
    processing: count,
    /** Samples of an earlier version lack it. */
    asking: count.optional().describe("Films that wait for their owner's approval, counted up to 10,000."),
    workers: count,
    slots: count.describe("Films that all running machines can make at the same time."),
    completed: count.describe("Films. Transcriptions are counted in the metrics only."),
    failed: count.describe("Films."),
    /** Samples of an earlier version lack it. */
    misconfigured: count
      .optional()
      .describe(
        "Films and transcriptions that failed by a wrong AI configuration, which an operator has to repair.",
      ),
    /** Samples of an earlier version lack it. */
    last_hour: z
      .object({
        completed: count.describe("Films."),
        failed: z
          .array(z.object({ code: z.string(), films: count, since: time }))
          .describe("Failed films by error code, most first, without those whose dream has a newer job."),
      })
      .optional(),
    /** Samples of an earlier version lack it. */
    holds: z
      .array(OpsHold)
      .optional()
      .describe("AI capabilities that hold jobs, because their provider refuses every call."),
    /** Samples of an earlier version lack it. */
    held_jobs: count
      .optional()
      .describe("Queued jobs that wait for a hold. One that waits for two holds counts once."),
    cancelled: count.describe("Films."),
    requeued: count.describe("Attempts that ended and put their job back into the queue."),
    spent_usd: z.number().min(0),
    webhooks_pending: count,
    outbox_overdue: count.describe("Messages that are more than a minute late on their way to the queue."),
    dead_letters: count.describe(
      "Messages that the queue moved to the dead letter queue in the last 24 hours.",
    ),
  })
  .meta({ id: "OpsFigures" });
export type OpsFigures = z.infer<typeof OpsFigures>;

/** GET /admin/ops/samples: one each minute, oldest first. */
export const OpsSamples = z.object({ data: z.array(OpsFigures) }).meta({ id: "OpsSamples" });
export type OpsSamples = z.infer<typeof OpsSamples>;

export const OpsWorker = z
  .object({
    id: z.string(),
    region: z.string(),
    version: z.string(),
    slots: count,
    active_jobs: count.describe("Jobs whose lease it holds."),
    state: z.enum(["up", "silent"]).describe("`silent`: its last heartbeat is too old."),
    started_at: time,
    seen_at: time,
    ending_models: EndingModels.describe("AI models of the machine with an announced end."),
    queue_fault: z
      .string()
      .nullable()
      .default(null)
      .describe("The error code of its calls to the queue, if they have failed for some seconds; else null."),
  })
  .meta({ id: "OpsWorker" });
export type OpsWorker = z.infer<typeof OpsWorker>;

export const OpsWorkers = z.object({ data: z.array(OpsWorker) }).meta({ id: "OpsWorkers" });
export type OpsWorkers = z.infer<typeof OpsWorkers>;

export const OpsJob = z
  .object({
    id: z.string(),
    dream_id: z.string(),
    owner: z.string(),
    /** An earlier version does not tell. */
    kind: z
      .enum(jobKinds)
      .optional()
      .describe("`transcription`: of one segment of a told dream. `takes`: of one scene of a film."),
    status: JobStatus,
    priority: Priority,
    stage: Stage,
    progress: z.int(),
    attempt: z.int(),
    failed_attempts: z.int(),
    worker_id: z.string().nullable(),
    scenes: z.object({ total: z.int().nullable(), ready: z.int() }),
    cost_usd: z.number(),
    error: z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).nullable(),
    redo_of: z.string().nullable(),
    /** An earlier version does not tell. */
    replaced_by: z
      .string()
      .nullable()
      .optional()
      .describe("The dream's newest job, if this one failed or was cancelled and was requested again."),
    /** An earlier version does not tell. */
    held: Held.nullable()
      .optional()
      .describe("Why a queued job waits for an AI provider, although workers may be free."),
    trace_id: z.string().nullable(),
    lease_expires_at: time.nullable(),
    created_at: time,
    started_at: time.nullable(),
    playable_at: time.nullable(),
    ended_at: time.nullable(),
  })
  .meta({ id: "OpsJob" });
export type OpsJob = z.infer<typeof OpsJob>;

/** Query of GET /admin/ops/jobs. Newest first. */
export const OpsJobFilter = z.object({
  status: JobStatus.optional(),
  priority: Priority.optional(),
  owner: z.string().max(128).optional(),
  error_code: z.string().max(64).optional(),
  cursor: z.string().max(64).optional().describe("`next_cursor` of the previous page."),
  limit: z.coerce.number().int().min(1).max(limits.pageSize).default(50),
});
export type OpsJobFilter = z.infer<typeof OpsJobFilter>;

export const OpsJobs = z
  .object({
    data: z.array(OpsJob),
    next_cursor: z
      .string()
      .nullable()
      .describe("Null on the last page. A page can be short or empty and not be the last."),
  })
  .meta({ id: "OpsJobs" });
export type OpsJobs = z.infer<typeof OpsJobs>;

/**
 * GET /admin/ops/jobs/{job_id}: the job and all that happened to it. Texts of storyboard and scenes are left
 * out.
 */
export const OpsTimeline = z
  .object({
    job: OpsJob,
    events: z.array(
      z.object({
        seq: z.int(),
        at: time,
        attempt: z.int(),
        type: z.string(),
        data: z.record(z.string(), z.unknown()),
      }),
    ),
    attempts: z.array(
      z.object({
        attempt: z.int(),
        worker_id: z.string().nullable(),
        started_at: time,
        ended_at: time.nullable(),
        outcome: z
          .string()
          .nullable()
          .describe("How it ended: the last event's type, or the reason for the next attempt."),
      }),
    ),
    scenes: z.array(
      z.object({
        scene: z.int(),
        picture_at: time.nullable(),
        voice_at: time.nullable(),
        ready_at: time.nullable(),
        reused: z.int().describe("How many of its picture, voice and segment were reused."),
        cost_usd: z.number(),
      }),
    ),
    costs: z.array(
      z.object({
        for: z.string(),
        scene: z.int().nullable(),
        model: z.string(),
        state: z.string(),
        tries: z.int(),
        cost_usd: z.number().nullable(),
        estimated: z.boolean().describe("The provider did not say the cost."),
        at: time,
      }),
    ),
    webhooks: z.array(
      z.object({
        id: z.string(),
        type: z.string(),
        status: z.string(),
        attempts: z.int(),
        error: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "OpsTimeline" });
export type OpsTimeline = z.infer<typeof OpsTimeline>;
