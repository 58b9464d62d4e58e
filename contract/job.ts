/**
 * The life of a job.
 *
 *   queued ──claim──▶ processing ──complete──▶ completed
 *     │  ▲               │  │  │
 *     │  └──release──────┘  │  ├──fail──▶ failed
 *     │     (hand-back or   │  │
 *     │      lease lapsed)  │  └──cancel──▶ cancelled
 *     │  ▲                  │
 *     │  │                pause (the owner asked to see the storyboard first)
 *     │  │                  ▼
 *     │  └──approve────── waiting ──cancel──▶ cancelled
 *     │                     └──expire──▶ expired   (not approved within `approvalSeconds`)
 *     ├──cancel──▶ cancelled
 *     └──fail──▶ failed   (its attempts are used up)
 *
 * Terminal states never change. The edge's SQL decides, by the same rules as WHERE clauses. `transition`
 * states the rules once more, as the model that tests compare the edge with.
 */
import { z } from "zod";
import { FilmOptions, PausePoint } from "./film.ts";
import { filmFieldsOfStatus } from "./film-metadata.ts";
import { Held } from "./hold.ts";
import { limits } from "./limits.ts";
import { text } from "./text.ts";
import { hasVisibleText } from "./visible-text.ts";

export const JobStatus = z.enum([
  "queued",
  "processing",
  "waiting",
  "completed",
  "failed",
  "cancelled",
  "expired",
]);
export type JobStatus = z.infer<typeof JobStatus>;

export type JobAction = "claim" | "release" | "pause" | "approve" | "expire" | "complete" | "fail" | "cancel";

const edges: Record<JobStatus, Partial<Record<JobAction, JobStatus>>> = {
  queued: { claim: "processing", cancel: "cancelled", fail: "failed" },
  processing: {
    release: "queued",
    pause: "waiting",
    complete: "completed",
    fail: "failed",
    cancel: "cancelled",
  },
  waiting: { approve: "queued", cancel: "cancelled", expire: "expired" },
  completed: {},
  failed: {},
  cancelled: {},
  expired: {},
};

/** The state after `action`, or null if the action is not legal. */
export function transition(from: JobStatus, action: JobAction): JobStatus | null {
  return edges[from][action] ?? null;
}

/** Whether a job in this state has ended. */
export function isTerminal(status: JobStatus): boolean {
  return Object.keys(edges[status]).length === 0;
}

/**
 * The step that the owner sees. `scenes` covers pictures, voices and the encoding of all scenes, which
 * overlap.
 */
export const Stage = z.enum(["queued", "storyboard", "scenes", "film", "publish", "done"]);
export type Stage = z.infer<typeof Stage>;

/** What a job in the state `waiting` waits for. */
const Approval = z.object({
  at: PausePoint.describe("Where the job has stopped."),
  revision: z.int().describe("Of the storyboard, for POST /dreams/{did}/approve. Each change raises it."),
  expires_at: z.iso.datetime().describe("The job ends as `expired` if it is not approved by then."),
});

/** The dream's earlier film, which can be watched while its newest job has none. */
const EarlierFilm = z.object({
  job_id: z.string(),
  video_url: z.string(),
  hls_url: z.string(),
  captions_url: z.string(),
  duration_seconds: z.number(),
});

/**
 * GET /dreams/{did}/video-status. The first three fields are those of the first backend. All are null before
 * a film was requested.
 */
export const VideoStatus = z
  .object({
    job_id: z.string().nullable(),
    status: JobStatus.nullable(),
    video_url: z.string().nullable().describe("Signed, expiring address of the film."),
    stage: Stage.nullable(),
    progress: z.int().min(0).max(100).describe("Percent. At 100 the film is ready."),
    scenes: z.object({ total: z.int().nullable(), ready: z.int() }),
    queue_position: z
      .int()
      .nullable()
      .describe("Number of jobs that will start before this one. Null once it has started."),
    eta_seconds: z
      .number()
      .nullable()
      .describe(
        "Seconds until the film can be fetched, from how long earlier films took and how many wait; null " +
          "where unknown.",
      ),
    eta_error_seconds: z.number().nullable().describe("Possible error of `eta_seconds`, in both directions."),
    attempt: z.int().describe("Number of times that a worker has started the job."),
    held: Held.nullable()
      .default(null)
      .describe("Why a queued job waits until an operator has repaired something; null for every other job."),
    has_no_machine: z
      .boolean()
      .default(false)
      .describe("The queued job has waited for longer than a machine needs to start, and none runs."),
    approval: Approval.nullable()
      .default(null)
      .describe("Set while the job waits until its owner approves: GET /dreams/{did}/storyboard shows what."),
    error: z
      .object({
        code: z.string(),
        message: z.string(),
        retryable: z.boolean(),
        passage: z
          .object({ text: z.string() })
          .nullable()
          .default(null)
          .describe("The sentence of the dream that ended the job, while the dream still has it."),
      })
      .nullable(),
    warnings: z.array(z.string()),
    cost_usd: z.number(),
    duration_seconds: z.number().nullable(),
    timings: z
      .record(z.string(), z.number())
      .nullable()
      .describe("Wall time of each stage in seconds; null until the film is finished."),
    ...filmFieldsOfStatus,
    options: z
      .record(z.string(), z.unknown())
      .nullable()
      .default(null)
      .describe(
        "What the film was requested with, as in the body of POST /dreams/{did}/finish, with the defaults. Options " +
          "that are newer than the request are absent.",
      ),
    storyboard_is_edited: z
      .boolean()
      .default(false)
      .describe(
        "The job has ended, and its owner had changed its storyboard: the dream's next video starts from it.",
      ),
    redo_scene: z
      .int()
      .nullable()
      .default(null)
      .describe("The scene that the job makes again, counted from 0; null for a film of all scenes."),
    poster_url: z.string().nullable(),
    scene_picture_url: z
      .string()
      .nullable()
      .describe(
        "Small picture of a scene: replace `{n}` by the scene's number. Available after the scene's " +
          "`scene.picture` event.",
      ),
    captions_url: z.string().nullable().describe("WebVTT."),
    hls_url: z
      .string()
      .nullable()
      .describe("HLS multivariant playlist. It plays while the film is still being made."),
    preview_url: z.string().nullable().describe("Low-resolution film."),
    storyboard_url: z
      .string()
      .nullable()
      .describe("WebVTT of thumbnails for a player's scrub bar; it refers to one sprite image."),
    earlier_film: EarlierFilm.nullable().describe(
      "The dream's previous finished film, while the newest job has no film.",
    ),
    created_at: z.iso.datetime().nullable(),
    started_at: z.iso.datetime().nullable(),
    completed_at: z.iso.datetime().nullable(),
  })
  .meta({ id: "VideoStatus" });
export type VideoStatus = z.infer<typeof VideoStatus>;

/** Body of POST /dreams/{did}/finish. */
export const FinishRequest = FilmOptions.extend({
  new_storyboard: z
    .boolean()
    .default(false)
    .describe(
      "Write a new storyboard. Otherwise, if the owner has changed the storyboard of the dream's newest video, made or " +
        "not, the video starts from that one, unless the dream's text, `language`, `length_seconds` or the narrator's " +
        "kind differ, or `cast` is new.",
    ),
}).meta({ id: "FinishRequest" });
export type FinishRequest = z.infer<typeof FinishRequest>;

/** 202 of POST /dreams/{did}/finish. */
export const VideoQueued = z
  .object({
    status: z.literal("video_queued"),
    dream_id: z.string(),
    job_id: z.string(),
    priority: z.string(),
    status_url: z.string(),
    events_url: z.string(),
    dream_url: z.string(),
    storyboard_of: z
      .string()
      .nullable()
      .default(null)
      .describe("The job whose changed storyboard the video starts from; null: a new one is written."),
  })
  .meta({ id: "VideoQueued" });
export type VideoQueued = z.infer<typeof VideoQueued>;

const SceneText = text(limits.sceneTextChars).refine((value) => hasVisibleText(value), {
  error: "must not be empty",
});

/** Body of POST /dreams/{did}/scenes/{n}/redo. Fields that are absent keep their text. */
export const RedoScene = z
  .strictObject({
    picture: SceneText.optional().describe("New picture prompt."),
    narration: SceneText.optional().describe("New narration."),
  })
  .meta({ id: "RedoScene" });
export type RedoScene = z.infer<typeof RedoScene>;

const AssetOfScene = z.object({ asset: z.enum(["picture", "voice"]), scene: z.int().min(0) });

/** 202 of POST /dreams/{did}/scenes/{n}/redo. */
export const RedoQueued = VideoQueued.extend({
  scene: z.int().min(0).describe("Counts from 0."),
  redo_of: z.string().describe("The job whose film this one changes."),
  buys: z.array(AssetOfScene).describe("Assets that will be bought from an AI provider."),
  reuses: z.array(AssetOfScene).describe("Assets that are reused at no cost."),
}).meta({ id: "RedoQueued" });
export type RedoQueued = z.infer<typeof RedoQueued>;
