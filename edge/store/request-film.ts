import { sql } from "drizzle-orm";
import type { KnownMember, ToldRecording } from "../../contract/claim.ts";
import type { FilmCeiling } from "../../contract/estimate-cost.ts";
import type { FilmOptions } from "../../contract/film.ts";
import { limits } from "../../contract/limits.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import type { Storyboard } from "../../contract/storyboard.ts";
import type { ChosenTake } from "../../contract/takes.ts";
import { knownCastOf } from "./cast.ts";
import { photosOf, type StoredPhoto } from "./cast-photos.ts";
import { activeFilm, dreamOf } from "./dreams.ts";
import { editedStoryboard, hasEditedStoryboard } from "./edited-storyboard.ts";
import { isHeld } from "./holds.ts";
import {
  forgetIfExpired,
  type IdempotencyClaim,
  isUnanswered,
  type KeptAnswer,
  keepAnswer,
  readKeptAnswer,
} from "./idempotency.ts";
import type { Session } from "./open.ts";
import { unclaimedMs } from "./outbox.ts";
import { limitReached, type OwnerLimits } from "./owner-limits.ts";
import { pronunciationsOf } from "./settings.ts";
import { countMade } from "./takes.ts";
import {
  ceilingOf,
  isBeingTold,
  isToldWhole,
  recordedSegments,
  recordingsOf,
  type Telling,
  tellingOf,
  toldText,
} from "./told-text.ts";
import { enqueueJob } from "./transitions/change-jobs.ts";

export interface Enqueue {
  keyHash: string;
  /** The dream's id that the client chose. */
  clientId: string;
  jobId: string;
  options: FilmOptions;
  /** Of the request that creates the job. */
  traceparent: string;
  idempotency: IdempotencyClaim | null;
  ownerLimits: OwnerLimits;
  /** The answer to this request and to its repetitions. JSON. */
  answer: string;
  /**
   * What to film: the dream's current text, with its segments' once they are transcribed, for at most
   * `ceiling` if `options` set no limit; or the whole input of a film whose storyboard exists, and the
   * dream's newest job and `countMade` at the time of that decision. `mayNarrate`: the dream's recordings go
   * along.
   * `dropsEdited`: a storyboard that the owner has changed is not the start of this film.
   */
  film:
    | { ceiling: FilmCeiling; mayNarrate: boolean; dropsEdited: boolean }
    | { input: JobInput; newestJobId: string; made: number };
}

/** What a job is to film: the JSON in `jobs.input`. */
export interface JobInput {
  title: string | null;
  transcript: string;
  options: FilmOptions;
  /** For a redo: the storyboard, and the job whose film it changes. */
  storyboard?: Storyboard;
  redo_of?: string;
  /** The owner has approved `storyboard`, so the worker does not pause again. */
  is_approved?: boolean;
  /** Words of `storyboard` that AI providers refused when it was approved. */
  refused?: { text: string };
  /** The owner has changed `storyboard`, in this job or in an earlier one. */
  is_edited?: boolean;
  /** The scene that a redo changes. Jobs of older edges lack it. */
  redo_scene?: number;
  /** For a redo that shows another take and buys nothing. */
  chosen?: ChosenTake | undefined;
  /** The most that the film may cost if its client set no limit. Jobs of older edges have none. */
  at_most_micro_usd?: number;
  /** Of a film that waits for its segments: what it may cost, by the text that it will have. */
  until_told?: FilmCeiling;
  /** The dream's recordings in their order, if they may narrate. */
  recordings?: StoredRecording[];
  /** The owner's respelled words at the time of the request. */
  pronunciations?: Record<string, string>;
  /** Who and what the owner's films showed before the request, for a film with `cast`. */
  known_cast?: KnownMember[];
  /** The photos of the owner's cast at the time of the request or of the approval, for a film with `cast`. */
  photos?: StoredPhoto[];
}

/** A recording of the dream, by the job that made it. Like `ToldRecording`, which has its key. */
export interface StoredRecording extends Omit<ToldRecording, "key"> {
  job_id: string;
  attempt: number;
}

/** A storyboard that its owner has changed, of a job that has ended. */
export interface EditedStoryboard {
  /** The job that has the storyboard, the dream's newest. */
  jobId: string;
  input: JobInput;
  /** The dream has the text of which the storyboard was made. */
  isSameText: 0 | 1;
  /** The dream's title now. */
  title: string | null;
  /** The owner's respelled words now. */
  pronunciations: Record<string, string>;
  /** `countMade` of the dream. */
  made: number;
}

/** The state in D1 after the batch, whether or not it changed anything. */
export interface AfterEnqueue {
  /** Null: the key is unknown. */
  caller: { tier: "standard" | "premium" } | null;
  dream: { id: string; telling: Telling; activeJobId: string | null } | null;
  /** The job exists, by this call or an earlier try of it. */
  made: boolean;
  kept: KeptAnswer | null;
  /** Why there is no job: the storyboard that the film has to start from. */
  edited: EditedStoryboard | null;
  /** The problem of an owner's limit that is reached. */
  limit: ProblemCode | null;
  /** The job waits for the end of a hold. */
  isHeld: boolean;
  /** The dream's live channel has listeners. */
  isWatched: boolean;
}

/**
 * Creates a queued job of the dream, with its first event and the promise of a message, if the caller may:
 * one batch. Of concurrent calls one creates the job. Gives the state afterwards, from which the caller
 * decides.
 */
export async function requestFilm(session: Session, command: Enqueue, nowMs: number): Promise<AfterEnqueue> {
  const { keyHash, clientId, jobId, options, idempotency, answer, film, ownerLimits } = command;
  const isWaiting = "ceiling" in film ? isBeingTold : sql`0`;
  const photos = sql`json(${photosOf(sql`dreams.owner_id`)})`;
  const input =
    "ceiling" in film
      ? sql`json_patch(json_object('title', dreams.title, 'transcript', ${toldText},
          'options', json(${JSON.stringify(options)}), 'at_most_micro_usd', ${ceilingOf(film.ceiling, toldText)},
          'pronunciations', ${pronunciationsOf(sql`dreams.owner_id`)}),
          json_patch(${
            options.cast
              ? sql`json_object('known_cast', json(${knownCastOf(sql`dreams.owner_id`, sql`dreams.id`)}), 'photos', ${photos})`
              : sql`'{}'`
          }, json_patch(IIF(${isWaiting}, ${JSON.stringify({ until_told: film.ceiling })}, '{}'),
            ${film.mayNarrate ? sql`json_object('recordings', json(${recordingsOf}))` : sql`'{}'`})))`
      : options.cast
        ? sql`json_set(${JSON.stringify(film.input)}, '$.photos', ${photos})`
        : sql`${JSON.stringify(film.input)}`;
  const isTold = options.voice === "own" ? sql`(${isToldWhole} AND ${recordedSegments} > 0)` : isToldWhole;
  const mayWrite =
    "ceiling" in film && !film.dropsEdited ? sql`(${isTold} AND NOT ${hasEditedStoryboard})` : isTold;
  const isReady =
    "ceiling" in film
      ? mayWrite
      : sql`(dreams.video_job_id = ${film.newestJobId} AND ${countMade} = ${film.made})`;
  const made = sql`EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ${jobId})`;
  const limit = limitReached("film", ownerLimits, { nowMs, isAsking: options.pause_after !== null });
  const untilMs = nowMs + limits.idempotencyKeepSeconds * 1000;
  const { after, kept } = await session.batch({
    expired: idempotency && forgetIfExpired(idempotency, keyHash, nowMs),
    enqueued: enqueueJob(
      {
        jobId,
        kind: "film",
        isWaiting,
        dreamId: sql`dreams.id`,
        ownerId: sql`dreams.owner_id`,
        priority: sql`${options.priority}`,
        input,
        traceparent: sql`${command.traceparent}`,
        from: sql`api_keys JOIN dreams ON dreams.owner_id = api_keys.owner_id
          WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL AND dreams.client_id = ${clientId}
            AND ${isReady} AND (${options.priority} = 'standard' OR api_keys.tier = 'premium')
            AND ${isUnanswered(idempotency, sql`api_keys.owner_id`)} AND ${limit} IS NULL`,
        messageAtMs: nowMs + unclaimedMs,
      },
      nowMs,
    ),
    answer:
      idempotency &&
      keepAnswer(idempotency, keyHash, { answer, untilMs, dreamId: dreamOf(keyHash, clientId) }, made),
    after: sql<AfterRow>`
      SELECT api_keys.tier AS tier, dreams.id AS dream_id, ${made} AS made, ${tellingOf} AS telling,
        ${activeFilm} AS active_job_id, ${limit} AS "limit",
        ${"ceiling" in film && !film.dropsEdited ? editedStoryboard : sql`NULL`} AS edited,
        (SELECT ${isHeld(nowMs)} FROM jobs WHERE jobs.id = ${jobId}) AS is_held,
        dreams.watched_until > ${nowMs} AS is_watched
      FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    kept: idempotency && readKeptAnswer(idempotency, keyHash),
  });
  const [row] = after;
  return {
    caller: row ? { tier: row.tier } : null,
    dream:
      row && row.dream_id !== null && row.telling !== null
        ? { id: row.dream_id, telling: JSON.parse(row.telling), activeJobId: row.active_job_id }
        : null,
    made: row?.made === 1,
    kept: kept[0] ?? null,
    edited: row?.edited == null ? null : JSON.parse(row.edited),
    limit: row?.limit ?? null,
    isHeld: row?.is_held === 1,
    isWatched: row?.is_watched === 1,
  };
}

interface AfterRow {
  tier: "standard" | "premium";
  dream_id: string | null;
  made: number;
  /** JSON of `Telling`. */
  telling: string | null;
  active_job_id: string | null;
  /** JSON of `EditedStoryboard`. */
  edited: string | null;
  limit: ProblemCode | null;
  /** Null: there is no job. */
  is_held: number | null;
  is_watched: number | null;
}
