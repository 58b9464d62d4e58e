/**
 * Dreams, as the caller's key may see them: each statement joins the key, so authentication costs no round
 * trip and no statement can forget the owner. An undefined result means that the key is unknown; a null
 * dream does not exist or is another owner's.
 */
import { getTableColumns, type SQL, sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { dreams } from "../../db/schema.ts";
import { activeStates } from "./active.ts";
import { forgetCast } from "./cast.ts";
import { expireCharges } from "./charges.ts";
import { ownersOf } from "./deliveries.ts";
import {
  forgetDream,
  forgetIfExpired,
  type IdempotencyClaim,
  isUnanswered,
  type KeptAnswer,
  keepAnswer,
  readKeptAnswer,
} from "./idempotency.ts";
import { isCaller, ownerOf } from "./keys.ts";
import type { Session } from "./open.ts";
import { hasNoBytes, limitReached, type OwnerLimits } from "./owner-limits.ts";
import { notePurges, noteUploadPurges } from "./purges.ts";
import { type Cursor, named } from "./rows.ts";
import { toldChars, toldText } from "./told-text.ts";
import { workersOf } from "./transitions/change-jobs.ts";
import { type Cancelled, endJobs } from "./transitions/end-job.ts";

const { transcript: _, transcriptChars: __, ...summary } = getTableColumns(dreams);
/** A dream without its text. */
export type DreamRow = Omit<typeof dreams.$inferSelect, "transcript">;

export interface NewDream {
  /** The edge's own key of the dream. */
  id: string;
  clientId: string;
  title: string | null;
  transcript: string;
  transcriptChars: number;
  createdAt: number;
}

/**
 * Stores the dream unless the owner has one with this client id or the request was answered before. `answer`
 * is kept for a repeated request. `made`: the dream exists, by this call or an earlier try of it. `isTaken`:
 * the owner has another dream of this id. `limit`: the problem of an owner's limit that is reached.
 */
export async function insertDream(
  session: Session,
  keyHash: string,
  dream: NewDream,
  idempotency: IdempotencyClaim | null,
  answer: string,
  ownerLimits: OwnerLimits,
): Promise<{
  isCaller: boolean;
  made: boolean;
  isTaken: boolean;
  limit: ProblemCode | null;
  kept: KeptAnswer | null;
}> {
  const { id, clientId, title, transcript, transcriptChars, createdAt } = dream;
  const untilMs = createdAt + limits.idempotencyKeepSeconds * 1000;
  const limit = limitReached("dream", ownerLimits, { nowMs: createdAt });
  const isMade = sql`EXISTS (SELECT 1 FROM dreams WHERE dreams.id = ${id})`;
  const { stands, kept } = await session.batch({
    expired: idempotency && forgetIfExpired(idempotency, keyHash, createdAt),
    dream: sql`
      INSERT INTO dreams (id, owner_id, client_id, title, transcript, transcript_chars, created_at, updated_at)
      SELECT ${id}, api_keys.owner_id, ${clientId}, ${title}, ${transcript}, ${transcriptChars}, ${createdAt},
        ${createdAt}
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL
        AND ${isUnanswered(idempotency, sql`api_keys.owner_id`)}
        AND ${limit} IS NULL
      ON CONFLICT DO NOTHING`,
    answer: idempotency && keepAnswer(idempotency, keyHash, { answer, untilMs, dreamId: id }, isMade),
    stands: sql<{ made: number; taken: number; limit: ProblemCode | null }>`
      SELECT ${isMade} AS made, ${limit} AS "limit",
        EXISTS (SELECT 1 FROM dreams WHERE dreams.owner_id = api_keys.owner_id AND client_id = ${clientId}) AS taken
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL`,
    kept: idempotency && readKeptAnswer(idempotency, keyHash),
  });
  return {
    isCaller: stands.length > 0,
    made: stands[0]?.made === 1,
    isTaken: stands[0]?.taken === 1,
    limit: stands[0]?.limit ?? null,
    kept: kept[0] ?? null,
  };
}

/** The caller's dream of this client id. */
export async function readDream(session: Session, keyHash: string, clientId: string) {
  const { caller, dream } = await session.batch({
    caller: sql`SELECT 1 FROM api_keys WHERE ${isCaller(keyHash)}`,
    dream: selectDreams(sql`dreams.id = ${dreamOf(keyHash, clientId)}`),
  });
  return caller.length === 0 ? undefined : { dream: dream[0] ?? null };
}

/** The text of the caller's dream of this client id. */
export async function readTranscript(session: Session, keyHash: string, clientId: string) {
  const { caller, dream } = await session.batch({
    caller: sql`SELECT 1 FROM api_keys WHERE ${isCaller(keyHash)}`,
    dream: sql<{ id: string; transcript: string }>`
      SELECT client_id AS id, ${toldText} AS transcript FROM dreams WHERE id = ${dreamOf(keyHash, clientId)}`,
  });
  return caller.length === 0 ? undefined : { dream: dream[0] ?? null };
}

/** The title of the dream with the edge's own key `id`; null if it has none. The caller has its grant. */
export async function readTitle(session: Session, id: string): Promise<string | null> {
  const { dream } = await session.batch({
    dream: sql<{ title: string | null }>`
      SELECT COALESCE(title, storyboard_title) AS title FROM dreams WHERE id = ${id}`,
  });
  return dream[0]?.title ?? null;
}

/** Its characters are those of what was written and told. */
const shown = sql`${named(summary)}, ${toldChars} AS "transcriptChars"`;

const selectDreams = (where: SQL) => sql<DreamRow>`SELECT ${shown} FROM dreams WHERE ${where}`;

/**
 * SQL value: the edge's own key of the caller's dream of this client id; NULL, which equals nothing, if
 * there is none.
 */
export const dreamOf = (keyHash: string, clientId: string) =>
  sql`(SELECT dreams.id FROM dreams WHERE dreams.owner_id = ${ownerOf(keyHash)} AND dreams.client_id = ${clientId})`;

/** SQL value over `dreams`: the id of the film that is being made of the dream; NULL if there is none. */
export const activeFilm = sql<string | null>`(SELECT jobs.id FROM jobs WHERE jobs.owner_id = dreams.owner_id
  AND jobs.dream_id = dreams.id AND jobs.status IN ${activeStates} AND jobs.kind = 'film')`;

/** The caller's dreams, newest first, after `cursor`; at most `limit`. Undefined: the key is unknown. */
export async function listDreams(
  session: Session,
  keyHash: string,
  cursor: Cursor | null,
  limit: number,
): Promise<DreamRow[] | undefined> {
  const isAfter =
    cursor === null ? sql`TRUE` : sql`(dreams.created_at, dreams.id) < (${cursor.createdAt}, ${cursor.id})`;
  const { caller, page } = await session.batch({
    caller: sql`SELECT 1 FROM api_keys WHERE ${isCaller(keyHash)}`,
    page: selectDreams(sql`dreams.owner_id = ${ownerOf(keyHash)} AND ${isAfter}
      ORDER BY dreams.created_at DESC, dreams.id DESC LIMIT ${limit}`),
  });
  return caller.length === 0 ? undefined : page;
}

export interface DreamChange {
  title?: string;
  transcript?: string;
  transcriptChars?: number;
  updatedAt: number;
}

/**
 * The dream after the change; undefined if the caller has no such dream, or no storage for a longer text.
 */
export async function updateDream(
  session: Session,
  keyHash: string,
  clientId: string,
  change: DreamChange,
  { storage }: OwnerLimits,
): Promise<DreamRow | undefined> {
  const { title, transcript = null, transcriptChars = null, updatedAt } = change;
  const isLonger = sql`length(CAST(${transcript} AS BLOB)) > length(CAST(transcript AS BLOB))`;
  const fits =
    transcript === null ? sql`TRUE` : sql`NOT (${isLonger} AND ${hasNoBytes(sql`owner_id`, storage)})`;
  const isThis = sql`owner_id = ${ownerOf(keyHash)} AND client_id = ${clientId}`;
  const { changed } = await session.batch({
    // The new text contains what was told so far; segments that are told later are added to it.
    told:
      transcript === null
        ? null
        : sql`UPDATE segments SET is_included = 1 WHERE transcript IS NOT NULL AND is_deleted = 0
            AND dream_id = (SELECT id FROM dreams WHERE ${isThis} AND ${fits})`,
    changed: sql<DreamRow>`
    UPDATE dreams SET title = ${title === undefined ? sql`title` : sql`${title}`},
      transcript = COALESCE(${transcript}, transcript),
      transcript_chars = COALESCE(${transcriptChars}, transcript_chars), updated_at = ${updatedAt}
    WHERE ${isThis} AND ${fits}
    RETURNING ${shown}`,
  });
  return changed[0];
}

/**
 * Deletes the dream with its jobs, logs and messages, and adds purge rows for the jobs' files. `dream` is a
 * row that the caller may read, so a repeated call changes nothing and succeeds.
 */
export async function deleteDream(
  session: Session,
  dream: { id: string; ownerId: string },
  nowMs: number,
): Promise<Cancelled> {
  const { id, ownerId } = dream;
  const jobs = sql`(SELECT id FROM jobs WHERE dream_id = ${id} AND owner_id = ${ownerId})`;
  const active = sql`jobs.dream_id = ${id} AND jobs.owner_id = ${ownerId}
    AND jobs.status IN ${activeStates}`;
  const { end } = await session.batch({
    end: endJobs(active, { status: "cancelled" }, nowMs),
    purges: notePurges(sql`jobs.dream_id = ${id} AND jobs.owner_id = ${ownerId}`, null, nowMs),
    uploads: noteUploadPurges(sql`segments.dream_id = ${id} AND segments.owner_id = ${ownerId}`, nowMs),
    segments: sql`DELETE FROM segments WHERE dream_id = ${id} AND owner_id = ${ownerId}`,
    events: sql`DELETE FROM events WHERE job_id IN ${jobs}`,
    messages: sql`DELETE FROM outbox WHERE job_id IN ${jobs}`,
    charges: expireCharges(jobs, nowMs),
    jobs: sql`DELETE FROM jobs WHERE dream_id = ${id} AND owner_id = ${ownerId}`,
    ...forgetDream(id),
    ...forgetCast(ownerId, id, nowMs),
    dream: sql`DELETE FROM dreams WHERE id = ${id} AND owner_id = ${ownerId}`,
  });
  return { owners: ownersOf(end.deliveries), workers: workersOf(end.jobs) };
}
