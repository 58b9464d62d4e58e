/** The claim of a job, and what a worker learns of the job that it is given. */
import { z } from "zod";
import { CastMember } from "./cast.ts";
import { FilmOptions, Priority } from "./film.ts";
import { limits } from "./limits.ts";
import { openEnum, openEnumOrNull } from "./open-enum.ts";
import { Storyboard } from "./storyboard.ts";
import { ChosenTake, TakeAsset, WantedTake } from "./takes.ts";
import { AttemptNumber } from "./worker-message.ts";

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
  attempt: AttemptNumber,
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
  /**
   * The members of `storyboard` get the photos that there are now, because none of their sheets is bought
   * yet.
   */
  renews_photos: z.boolean().default(false),
  /**
   * The job shows another take of a scene and may buy nothing: what is not kept any more fails it. Absent: it
   * buys what is missing.
   */
  chosen: ChosenTake.optional(),
  tries_providers: triesProviders,
  /** The edge reads `last_report` of the completion. An older edge does not. */
  takes_last_report: z.boolean().default(false),
  /**
   * The edge takes the job back to its owner where words are refused (`refused` of PauseReport). A redo
   * fails.
   */
  takes_refusal: z.boolean().default(false),
});
export type ClaimedJob = z.infer<typeof ClaimedJob>;

/** The fields of every job but a film's. */
const jobHead = {
  job_id: z.string(),
  dream_id: z.string(),
  attempt: AttemptNumber,
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
