/** How an attempt ends: the job is handed back, completed or failed. */
import { z } from "zod";
import { FilmMetadata } from "./film-metadata.ts";
import { limits } from "./limits.ts";
import { Passage } from "./moderation.ts";
import { openEnum } from "./open-enum.ts";
import { CarriedReport } from "./report.ts";
import { BoughtTake } from "./takes.ts";
import { text } from "./text.ts";
import { AttemptNumber, CostUsd } from "./worker-message.ts";

/**
 * POST /internal/jobs/{job_id}/release: hands the job back to the queue. `shutdown` and `outage` (another
 * service is at fault) do not count as a failed attempt; `error` does, and so does a reason that the edge
 * does not know.
 */
export const ReleaseRequest = z.object({
  attempt: AttemptNumber,
  reason: openEnum(z.enum(["shutdown", "outage", "error"]), "error"),
  code: z.string().max(64),
  message: z.string().max(500),
  delay_seconds: z.int().min(0).max(3600),
});
export type ReleaseRequest = z.infer<typeof ReleaseRequest>;

/**
 * Seconds from the fault that ended an attempt to its report. A refusal that is older than the end of a hold
 * begins no new one.
 */
const failedSecondsAgo = z.number().min(0).optional();

/**
 * POST /dreams/{did}/video-complete: the fields of the first backend, and the reporting attempt. `video_url`
 * is the film's address without its grant, as `filmUrl` makes it.
 */
export const VideoComplete = z
  .object({
    job_id: z.string(),
    attempt: AttemptNumber,
    status: z.enum(["completed", "failed"]),
    video_url: z.string().nullable(),
    metadata: FilmMetadata.nullable(),
    error: z.string().max(500).nullable(),
    error_code: z.string().max(64).nullable().default(null),
    retryable: z.boolean().default(false),
    /** The sentence of the transcript that ended the job. */
    error_passage: Passage.nullable().default(null),
    failed_seconds_ago: failedSecondsAgo,
    files: z
      .object({
        poster: z.boolean(),
        captions: z.boolean(),
        hls: z.boolean(),
        preview: z.boolean(),
        storyboard: z.boolean(),
      })
      .partial()
      .default({}),
    size_bytes: z.int().positive().nullable().default(null),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .nullable()
      .default(null),
    /** What no progress report has said yet. The edge stores it before the end, in one transaction. */
    last_report: CarriedReport.nullable().default(null),
  })
  .refine((c) => c.status !== "completed" || (c.video_url !== null && c.metadata !== null), {
    error: "a completed video needs video_url and metadata",
  })
  .refine((c) => c.status !== "failed" || c.error !== null, { error: "a failed video needs error" })
  .meta({ id: "VideoComplete" });
export type VideoComplete = z.infer<typeof VideoComplete>;

export const VideoCompleteAnswer = z.object({
  status: openEnum(z.enum(["ok"]), "ok"),
  applied: z.boolean(),
  /** The job has not failed: an AI provider refuses all calls, and the job is queued until it does not. */
  held: z.boolean().optional(),
});
export type VideoCompleteAnswer = z.infer<typeof VideoCompleteAnswer>;

/** POST /internal/jobs/{job_id}/transcribed: the end of a transcription. */
export const TranscriptionComplete = z
  .object({
    attempt: AttemptNumber,
    status: z.enum(["completed", "failed"]),
    transcript: text(limits.segmentChars).nullable().default(null),
    /** The language that was heard most, if the provider names it. */
    language: z.string().max(limits.languageChars).nullable().default(null),
    duration_seconds: z.number().min(0).default(0),
    cost_usd: CostUsd.default(0),
    error: z.string().max(500).nullable().default(null),
    error_code: z.string().max(64).nullable().default(null),
    retryable: z.boolean().default(false),
    failed_seconds_ago: failedSecondsAgo,
  })
  .meta({ id: "TranscriptionComplete" });
export type TranscriptionComplete = z.infer<typeof TranscriptionComplete>;

/** POST /internal/jobs/{job_id}/takes: the end of a job that buys takes. */
export const TakesComplete = z
  .object({
    attempt: AttemptNumber,
    status: z.enum(["completed", "failed"]),
    takes: z.array(BoughtTake).max(limits.takesAtOnce).default([]),
    cost_usd: CostUsd.default(0),
    error: z.string().max(500).nullable().default(null),
    error_code: z.string().max(64).nullable().default(null),
    retryable: z.boolean().default(false),
    failed_seconds_ago: failedSecondsAgo,
  })
  .meta({ id: "TakesComplete" });
export type TakesComplete = z.infer<typeof TakesComplete>;
