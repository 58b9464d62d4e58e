/**
 * The messages from a worker to the edge, and the edge's wake of a worker. Every request is signed
 * (signature.ts). Every write carries (job_id, attempt) and may be repeated: the edge applies it once.
 */
import { z } from "zod";
import { CastMember } from "./cast.ts";
import { Settlements } from "./charge.ts";
import { WorkerEvent } from "./event.ts";
import { FilmOptions, Priority } from "./film.ts";
import { FilmMetadata } from "./film-metadata.ts";
import { Stage } from "./job.ts";
import { limits } from "./limits.ts";
import { Passage } from "./moderation.ts";
import { openEnum, openEnumOrNull } from "./open-enum.ts";
import { Storyboard } from "./storyboard.ts";
import { BoughtTake, ChosenTake, TakeAsset, WantedTake } from "./takes.ts";
import { text } from "./text.ts";

const attempt = z.int().min(1);
const cost = z.number().min(0);

/**
 * A request about the job in its address. The signature covers the body alone, so the body names the job as
 * well.
 */
export const aboutJob = <S extends z.ZodRawShape>(request: z.ZodObject<S>) =>
  request.extend({ job_id: z.string() });

/**
 * POST /internal/jobs/{job_id}/claim. The same `claim_id` gets the same answer, so a claim can be repeated
 * after a lost reply. `queue`: where the message came from. With it, the worker gets the job of that queue
 * whose turn is next, and the answer names the job; without it, the job of the address or none.
 */
export const ClaimRequest = z.object({
  claim_id: z.uuid(),
  worker_id: z.string().min(1).max(128),
  queue: openEnumOrNull(Priority).default(null),
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;

/**
 * POST /wake of a worker: a job may be ready. `queue`: the queue that has its message, which the worker asks
 * first; absent from an older edge, and if the wake is about no single message.
 */
export const Wake = z.object({ queue: openEnumOrNull(Priority).optional() });
export type Wake = z.infer<typeof Wake>;

const Assets = z
  .array(z.string().regex(/^[0-9a-f]{64}$/))
  .max(100)
  .default([]);

/** A part of a dream that was told aloud, from which a film of the dreamer's own voice is made. */
export const ToldRecording = z.object({
  /** The recording in R2, as the worker that transcribed it stored it. */
  key: z.string(),
  seconds: z.number().min(0),
  /** Null: the provider of the transcription named none. */
  language: z.string().nullable(),
  /** The owner's text of the part, corrected or not. */
  transcript: z.string(),
  /** What the transcription heard. Null: transcribed by an older worker; `transcript` counts. */
  heard: z.string().nullable(),
});
export type ToldRecording = z.infer<typeof ToldRecording>;

/** Someone or something that an earlier film of the owner showed. */
export const KnownMember = CastMember.omit({ id: true, sheet: true, photo: true });
export type KnownMember = z.infer<typeof KnownMember>;

/** A photo from which the sheet of the owner's member of this kind and name is painted. */
export const MemberPhoto = CastMember.pick({ kind: true, name: true }).extend({
  /** SHA-256 of the uploaded file: the member's `photo`. */
  photo: z.string(),
  /** The uploaded file in R2. It has not been decoded. */
  key: z.string(),
});
export type MemberPhoto = z.infer<typeof MemberPhoto>;

/**
 * True from an edge that holds jobs while an AI provider refuses all calls: a job that it gives may try every
 * provider, and the worker forgets the refusals that it remembers.
 */
const triesProviders = z.boolean().optional();

/**
 * Everything that an attempt needs. `asset_scope` separates the bought assets of one owner from those of
 * others.
 */
export const ClaimedJob = z.object({
  /**
   * `claimed_own_voice`: only the dreamer's recordings may narrate. A worker that does not know them reads
   * this as `unreadable` and hands the job back. `claimed_asking`: the worker has to pause at
   * `options.pause_after`; a worker that cannot does the same.
   */
  outcome: z.enum(["claimed", "claimed_own_voice", "claimed_asking"]),
  job_id: z.string(),
  dream_id: z.string(),
  attempt,
  lease_ms: z.int().positive(),
  asset_scope: z.string(),
  /** W3C `traceparent` of the request that created the job. */
  traceparent: z.string().nullable().default(null),
  dream: z.object({ title: z.string().nullable(), transcript: z.string() }),
  options: z.object(FilmOptions.shape),
  /** Given for a redo: the worker writes no storyboard, and every unchanged scene is reused at no cost. */
  storyboard: Storyboard.nullable().default(null),
  /** In their order. Empty: no recording may narrate. */
  recordings: z.array(ToldRecording).default([]),
  /** The owner's respelled words. Those of `options` come first. */
  pronunciations: z.record(z.string(), z.string()).default({}),
  /** Who and what the owner's earlier films showed, for films with `cast`. The same in every attempt. */
  known_cast: z.array(KnownMember).default([]),
  /** The photos of the owner's cast, for films with `cast`. The same in every attempt. */
  photos: z.array(MemberPhoto).default([]),
  /** The members of `storyboard` get the photos that there are now, because none of their sheets is bought yet. */
  renews_photos: z.boolean().default(false),
  /**
   * The job shows another take of a scene and may buy nothing: what is not kept any more fails it. Absent: it
   * buys what is missing.
   */
  chosen: ChosenTake.optional(),
  tries_providers: triesProviders,
  /** The edge reads `last_report` of the completion. An older edge does not. */
  takes_last_report: z.boolean().default(false),
});
export type ClaimedJob = z.infer<typeof ClaimedJob>;

/** The fields of every job but a film's. */
const jobHead = {
  job_id: z.string(),
  dream_id: z.string(),
  attempt,
  lease_ms: z.int().positive(),
  asset_scope: z.string(),
  traceparent: z.string().nullable().default(null),
};

/**
 * A segment to transcribe. A worker that cannot transcribe reads this as `unreadable` and hands the job
 * back.
 */
export const TranscriptionJob = z.object({
  outcome: z.literal("transcribe"),
  ...jobHead,
  /** The uploaded file in R2. It has not been checked. */
  key: z.string(),
  size_bytes: z.int().positive(),
  /** Names that may be spoken. */
  keywords: z.array(z.string()).default([]),
  /** Languages that may be spoken, as tags. */
  languages: z.array(z.string()).default([]),
  tries_providers: triesProviders,
});
export type TranscriptionJob = z.infer<typeof TranscriptionJob>;

/**
 * Further pictures or voices of one scene. A worker that does not know takes reads this as `unreadable` and
 * hands the job back.
 */
export const TakesJob = z.object({
  outcome: z.literal("takes"),
  ...jobHead,
  /** Of the film whose scene it is. */
  options: z.object(FilmOptions.shape),
  /** The storyboard's. */
  language: z.string(),
  asset: TakeAsset,
  /** Counts from 0. */
  scene: z.int().min(0),
  takes: z.array(WantedTake).min(1).max(limits.takesAtOnce),
  /** The storyboard's. */
  cast: z.array(CastMember).default([]),
  photos: z.array(MemberPhoto).default([]),
  pronunciations: z.record(z.string(), z.string()).default({}),
  tries_providers: triesProviders,
});
export type TakesJob = z.infer<typeof TakesJob>;

/** Why the worker acks the message without making a film. `held`: see hold.ts. */
export const NotYours = z.object({
  outcome: z.literal("not_yours"),
  reason: openEnum(z.enum(["unknown", "finished", "leased", "held"]), "unknown"),
});
export type NotYours = z.infer<typeof NotYours>;

export const ClaimAnswer = z.discriminatedUnion("outcome", [
  ClaimedJob,
  TranscriptionJob,
  TakesJob,
  NotYours,
]);
export type ClaimAnswer = z.infer<typeof ClaimAnswer>;

/**
 * An answer that a worker cannot read. If it names a job and an attempt, the edge has given the job, and the
 * worker has to hand it back.
 */
const UnreadableClaim = z
  .object({ job_id: z.string().nullable().catch(null), attempt: attempt.nullable().catch(null) })
  .transform((answer) => ({ outcome: "unreadable" as const, ...answer }));

/**
 * The job's options, as read by a worker that may be older than the edge. It drops an option that it does
 * not know, and reads a value that it does not know as the option's default.
 */
const ReadOptions = z.object(
  Object.fromEntries(
    Object.entries(FilmOptions.shape).map(([name, option]) => [
      name,
      (option as z.ZodType).catch(option.parse(undefined)),
    ]),
  ) as unknown as typeof FilmOptions.shape,
);

/** Adds which of the job's options have a value that this worker does not know. */
function nameReplacedOptions(answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null || !("options" in answer)) return answer;
  const options = answer.options as Record<string, unknown> | null;
  const isUnknown = ([name, option]: [string, z.ZodType]) =>
    options?.[name] !== undefined && !option.safeParse(options[name]).success;
  const replaced_options = Object.entries(FilmOptions.shape)
    .filter(isUnknown)
    .map(([name]) => name);
  return { ...answer, replaced_options };
}

/**
 * A claim's answer, as read by a worker that may be older than the edge. `replaced_options`: options whose
 * value the worker does not know and reads as the default.
 */
export const ReadClaimAnswer = z.preprocess(
  nameReplacedOptions,
  z.union([
    ClaimedJob.extend({ options: ReadOptions, replaced_options: z.array(z.string()).optional() }),
    TranscriptionJob,
    TakesJob.extend({ options: ReadOptions }),
    NotYours,
    UnreadableClaim,
  ]),
);
export type ReadClaimAnswer = z.infer<typeof ReadClaimAnswer>;

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
  attempt,
  /** A stage that the edge does not know is read as the first, so the job's stage does not change. */
  stage: openEnum(Stage, "queued"),
  progress: z.int().min(0).max(99),
  scenes_total: z.int().min(0).max(limits.scenes.max).nullable(),
  scenes_ready: z.int().min(0).max(limits.scenes.max),
  cost_usd: cost,
  events: z.array(z.object({ n: z.int().min(1), event: z.union([WorkerEvent, UnknownEvent]) })).max(100),
  charges: Settlements,
  assets: Assets,
});
export type ProgressReport = z.infer<typeof ProgressReport>;

/** What a report says of an attempt whose end is told in the same message. */
const LastReport = ProgressReport.omit({ attempt: true });
export type LastReport = z.infer<typeof LastReport>;

export const ProgressAnswer = z.object({
  lease_ms: z.int().positive(),
  /** The dream has listeners: report changes soon. An older edge does not say: then they may be there. */
  watched: z.boolean().default(true),
});
export type ProgressAnswer = z.infer<typeof ProgressAnswer>;

/**
 * POST /internal/jobs/{job_id}/release: hands the job back to the queue. `shutdown` and `outage` (another
 * service is at fault) do not count as a failed attempt; `error` does, and so does a reason that the edge
 * does not know.
 */
export const ReleaseRequest = z.object({
  attempt,
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
    attempt,
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
    last_report: LastReport.nullable().default(null),
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

/** POST /internal/jobs/{job_id}/transcribed: the end of a transcription. */
export const TranscriptionComplete = z
  .object({
    attempt,
    status: z.enum(["completed", "failed"]),
    transcript: text(limits.segmentChars).nullable().default(null),
    /** The language that was heard most, if the provider names it. */
    language: z.string().max(limits.languageChars).nullable().default(null),
    duration_seconds: z.number().min(0).default(0),
    cost_usd: cost.default(0),
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
    attempt,
    status: z.enum(["completed", "failed"]),
    takes: z.array(BoughtTake).max(limits.takesAtOnce).default([]),
    cost_usd: cost.default(0),
    error: z.string().max(500).nullable().default(null),
    error_code: z.string().max(64).nullable().default(null),
    retryable: z.boolean().default(false),
    failed_seconds_ago: failedSecondsAgo,
  })
  .meta({ id: "TakesComplete" });
export type TakesComplete = z.infer<typeof TakesComplete>;

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
