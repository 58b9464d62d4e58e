/** The takes of a scene in D1: jobs of the kind `takes`, and what films of the dream show. */

import { type SQL, sql } from "drizzle-orm";
import type { CastMember } from "../../contract/cast.ts";
import type { FilmOptions } from "../../contract/film.ts";
import type { JobStatus } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import type { BoughtTake, TakeAsset, WantedTake } from "../../contract/takes.ts";
import { photosOf, type StoredPhoto } from "./cast-photos.ts";
import { dreamOf } from "./dreams.ts";
import {
  forgetIfExpired,
  type IdempotencyClaim,
  isUnanswered,
  type KeptAnswer,
  keepAnswer,
  readKeptAnswer,
} from "./idempotency.ts";
import { isCaller } from "./keys.ts";
import type { Session } from "./open.ts";
import { unclaimedMs } from "./outbox.ts";
import { limitReached, type OwnerLimits } from "./owner-limits.ts";
import { enqueueJob } from "./transitions/change-jobs.ts";

/** What a job of the kind `takes` is to buy: the JSON in `jobs.input`. */
export interface TakesInput {
  options: FilmOptions;
  language: string;
  /** The job whose film the scene belongs to. */
  film: string;
  scene: number;
  asset: TakeAsset;
  takes: WantedTake[];
  /** The storyboard's. Jobs of older edges lack it. */
  cast?: CastMember[];
  photos?: StoredPhoto[];
  pronunciations: Record<string, string>;
  at_most_micro_usd: number;
  /** What became of the takes; only after the clean-up has deleted their files. */
  bought?: StoredTake[];
}

/** `BoughtTake` as it is stored. Workers of earlier versions did not tell `softened`. */
export type StoredTake = Omit<BoughtTake, "softened"> & Partial<Pick<BoughtTake, "softened">>;

/** A film or takes job of the dream, as far as it tells of the takes of one scene. */
export interface TakesRow {
  id: string;
  kind: "film" | "takes";
  status: JobStatus;
  attempt: number;
  /** Of a film: the job whose film it changes. Of takes: the job whose film they belong to. */
  parent: string | null;
  /** JSON: of a film, the scene as it is filmed; null if it has none. */
  shown: string | null;
  /** JSON of `TakesInput`, of takes. */
  wanted: string | null;
  /** JSON: `StoredTake[]` of takes; the files of a film. Null before its end, and once they are deleted. */
  files: string | null;
  picture_micro_usd: number;
  voice_micro_usd: number;
  /** Of a film: 1 if its picture of the scene was painted from gentler words, as far as the log tells. */
  softened: number;
  /** Of a film: JSON of the seconds of its scenes up to this one, by number, as far as the log tells. */
  seconds: string;
  error_code: string | null;
  error_message: string | null;
  created_at: number;
}

/** More films and takes of one dream are not looked at; the newest count. */
const mostJobs = 300;

/** SQL value over `dreams`: how many jobs of films and takes there were. It changes with every new one. */
export const countMade: SQL<number> = sql`(SELECT COUNT(*) FROM jobs WHERE jobs.dream_id = dreams.id
  AND jobs.kind <> 'transcription')`;

const spent = (
  capability: TakeAsset,
  scene: number,
) => sql`(SELECT COALESCE(SUM(counted_micro_usd), 0) FROM charges
  WHERE charges.job_id = jobs.id AND charges.scene = ${scene} AND charges.capability = ${capability}
    AND charges.state IN ('paid', 'unknown'))`;

const isSoftened = (scene: number) => sql`EXISTS (SELECT 1 FROM events
  WHERE events.job_id = jobs.id AND events.attempt = jobs.attempt AND events.type = 'job.warning'
    AND data ->> '$.code' = 'picture.softened' AND data ->> '$.scene' = ${scene})`;

const secondsUntil = (scene: number) => sql`(SELECT json_group_object(data ->> '$.scene', data -> '$.seconds')
  FROM events WHERE events.job_id = jobs.id AND events.attempt = jobs.attempt
    AND events.type = 'scene.ready' AND data ->> '$.scene' <= ${scene})`;

/** SQL: the newest jobs of films and takes of the dream, newest first, with what they say of the scene. */
export const selectTakes = (dreamId: SQL, scene: number) => sql<TakesRow>`
  SELECT id, kind, status, attempt, COALESCE(input ->> '$.redo_of', input ->> '$.film') AS parent,
    IIF(kind = 'film', COALESCE(
      (SELECT data -> ${`$.scenes[${scene}]`} FROM events
        WHERE events.job_id = jobs.id AND events.type = 'job.storyboard' ORDER BY seq DESC LIMIT 1),
      input -> ${`$.storyboard.scenes[${scene}]`}), NULL) AS shown,
    IIF(kind = 'takes', input, NULL) AS wanted, files,
    ${spent("picture", scene)} AS picture_micro_usd, ${spent("voice", scene)} AS voice_micro_usd,
    ${isSoftened(scene)} AS softened, ${secondsUntil(scene)} AS seconds, error_code, error_message, created_at
  FROM jobs WHERE jobs.dream_id = ${dreamId} AND jobs.kind <> 'transcription'
  ORDER BY jobs.created_at DESC LIMIT ${mostJobs}`;

export interface RequestTakes {
  keyHash: string;
  /** The dream's id that the client chose. */
  clientId: string;
  jobId: string;
  input: TakesInput;
  /** What `countMade` was when the takes got their numbers. */
  made: number;
  traceparent: string;
  idempotency: IdempotencyClaim | null;
  ownerLimits: OwnerLimits;
  /** The answer to this request and to its repetitions. JSON. */
  answer: string;
}

/** The state in D1 after the batch, whether or not it changed anything. */
export interface AfterTakes {
  /** The job exists, by this call or an earlier try of it. */
  isMade: boolean;
  /** The queue of the job. */
  priority: "standard" | "premium";
  /** Takes of the dream are being bought. */
  isActive: boolean;
  limit: ProblemCode | null;
  kept: KeptAnswer | null;
}

/**
 * Creates the job that buys the takes, unless a job of a film or takes was added since they got their
 * numbers, takes of the dream are active, or the owner is at a limit. Of concurrent calls one makes its job.
 */
export async function requestTakes(
  session: Session,
  { keyHash, clientId, jobId, input, made, traceparent, idempotency, ownerLimits, answer }: RequestTakes,
  nowMs: number,
): Promise<AfterTakes> {
  const limit = limitReached("takes", ownerLimits, { nowMs });
  const isMade = sql`EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ${jobId})`;
  const isThis = sql`${isCaller(keyHash)} AND dreams.client_id = ${clientId}`;
  const from = sql`api_keys JOIN dreams ON dreams.owner_id = api_keys.owner_id WHERE ${isThis}`;
  const untilMs = nowMs + limits.idempotencyKeepSeconds * 1000;
  const { after, kept } = await session.batch({
    expired: idempotency && forgetIfExpired(idempotency, keyHash, nowMs),
    enqueued: enqueueJob(
      {
        jobId,
        kind: "takes",
        dreamId: sql`dreams.id`,
        ownerId: sql`dreams.owner_id`,
        priority: sql`api_keys.tier`,
        input: input.options.cast
          ? sql`json_set(${JSON.stringify(input)}, '$.photos', json(${photosOf(sql`dreams.owner_id`)}))`
          : sql`${JSON.stringify(input)}`,
        traceparent: sql`${traceparent}`,
        from: sql`${from} AND ${countMade} = ${made} AND ${isUnanswered(idempotency, sql`api_keys.owner_id`)}
          AND ${limit} IS NULL`,
        messageAtMs: nowMs + unclaimedMs,
      },
      nowMs,
    ),
    answer:
      idempotency &&
      keepAnswer(idempotency, keyHash, { answer, untilMs, dreamId: dreamOf(keyHash, clientId) }, isMade),
    after: sql<{
      made: number;
      tier: "standard" | "premium";
      active: number;
      limit: ProblemCode | null;
    }>`
      SELECT ${isMade} AS made, api_keys.tier AS tier, ${limit} AS "limit",
        EXISTS (SELECT 1 FROM jobs WHERE jobs.owner_id = dreams.owner_id AND jobs.dream_id = dreams.id
          AND jobs.status IN ('queued', 'processing') AND jobs.kind = 'takes') AS active
      FROM ${from}`,
    kept: idempotency && readKeptAnswer(idempotency, keyHash),
  });
  const [row] = after;
  return {
    isMade: row?.made === 1,
    priority: row?.tier ?? "standard",
    isActive: row?.active === 1,
    limit: row?.limit ?? null,
    kept: kept[0] ?? null,
  };
}
