/**
 * Dreams, always through the eyes of the key that asks: each statement joins it, so that authentication costs no round
 * trip and none can forget whose dream it is. Where a caller is undefined there is no such key; where a dream is null,
 * it is nobody's or another's.
 */
import { and, desc, eq, getTableColumns, lt, or, sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import { apiKeys, dreams } from "../../db/schema.ts";
import { closeCharges, expireCharges } from "./charges.ts";
import { ownersOf, promiseDeliveries } from "./deliveries.ts";
import { cancelledEvent } from "./events.ts";
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
import { retryTransient, type Session } from "./open.ts";
import { hasNoBytes, hasNoRoom, type OwnerStorage } from "./storage.ts";

const { transcript: _, ...summary } = getTableColumns(dreams);
/** A dream without its text. */
export type DreamRow = Omit<typeof dreams.$inferSelect, "transcript">;

export interface NewDream {
  /** Our own key. */
  id: string;
  clientId: string;
  title: string | null;
  transcript: string;
  transcriptChars: number;
  createdAt: number;
}

/**
 * Stores the dream unless the owner has one with this client id or the request was answered before. `answer` is kept
 * for a client that asks again. `made`: the dream is there, by this call or by an earlier try of it. `isTaken`: the
 * owner has another of this id. Neither, and no answer kept: the owner keeps as much as may be.
 */
export async function insertDream(
  session: Session,
  keyHash: string,
  dream: NewDream,
  idempotency: IdempotencyClaim | null,
  answer: string,
  storage: OwnerStorage,
): Promise<{ isCaller: boolean; made: boolean; isTaken: boolean; kept: KeptAnswer | null }> {
  const { id, clientId, title, transcript, transcriptChars, createdAt } = dream;
  const untilMs = createdAt + limits.idempotencyKeepSeconds * 1000;
  const isMade = sql`EXISTS (SELECT 1 FROM dreams WHERE dreams.id = ${id})`;
  const results = await session.batch([
    idempotency && forgetIfExpired(idempotency, keyHash, createdAt),
    sql`
      INSERT INTO dreams (id, owner_id, client_id, title, transcript, transcript_chars, created_at, updated_at)
      SELECT ${id}, api_keys.owner_id, ${clientId}, ${title}, ${transcript}, ${transcriptChars}, ${createdAt},
        ${createdAt}
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL
        AND ${isUnanswered(idempotency, sql`api_keys.owner_id`)}
        AND NOT ${hasNoRoom(sql`api_keys.owner_id`, storage)}
      ON CONFLICT DO NOTHING`,
    idempotency && keepAnswer(idempotency, keyHash, { answer, untilMs, dreamId: id }, isMade),
    sql<{ made: number; taken: number }>`
      SELECT ${isMade} AS made,
        EXISTS (SELECT 1 FROM dreams WHERE dreams.owner_id = api_keys.owner_id AND client_id = ${clientId}) AS taken
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL`,
    idempotency && readKeptAnswer(idempotency, keyHash),
  ]);
  return {
    isCaller: results[3].length > 0,
    made: results[3][0]?.made === 1,
    isTaken: results[3][0]?.taken === 1,
    kept: results[4][0] ?? null,
  };
}

export async function readDream(session: Session, keyHash: string, clientId: string) {
  return retryTransient(() =>
    session.drizzle
      .select({ dream: summary })
      .from(apiKeys)
      .leftJoin(dreams, isNamed(clientId))
      .where(isCaller(keyHash))
      .get(),
  );
}

export async function readTranscript(session: Session, keyHash: string, clientId: string) {
  return session.drizzle
    .select({ dream: { id: dreams.clientId, transcript: dreams.transcript } })
    .from(apiKeys)
    .leftJoin(dreams, isNamed(clientId))
    .where(isCaller(keyHash))
    .get();
}

/** Condition over `dreams`, joined to the caller's key: the owner's dream of this client id. */
export const isNamed = (clientId: string) =>
  and(eq(dreams.ownerId, apiKeys.ownerId), eq(dreams.clientId, clientId));

/** SQL value: our own key of the caller's dream of this client id, or NULL, which equals nothing. */
export const dreamOf = (keyHash: string, clientId: string) =>
  sql`(SELECT dreams.id FROM dreams WHERE dreams.owner_id = ${ownerOf(keyHash)} AND dreams.client_id = ${clientId})`;

export interface Cursor {
  createdAt: number;
  id: string;
}

/** The caller's dreams, newest first, from just after `cursor`; at most `limit`. Undefined: no such key. */
export async function listDreams(
  session: Session,
  keyHash: string,
  cursor: Cursor | null,
  limit: number,
): Promise<DreamRow[] | undefined> {
  const isAfter =
    cursor === null
      ? undefined
      : or(
          lt(dreams.createdAt, cursor.createdAt),
          and(eq(dreams.createdAt, cursor.createdAt), lt(dreams.id, cursor.id)),
        );
  const rows = await session.drizzle
    .select({ dream: summary })
    .from(apiKeys)
    .leftJoin(dreams, and(eq(dreams.ownerId, apiKeys.ownerId), isAfter))
    .where(isCaller(keyHash))
    .orderBy(desc(dreams.createdAt), desc(dreams.id))
    .limit(limit)
    .all();
  if (rows.length === 0) return undefined;
  return rows.flatMap(({ dream }) => (dream === null ? [] : [dream]));
}

export interface DreamChange {
  title?: string;
  transcript?: string;
  transcriptChars?: number;
  updatedAt: number;
}

/** The dream as it is after the change; undefined where the caller has none such, or no room for a longer text. */
export async function updateDream(
  session: Session,
  keyHash: string,
  clientId: string,
  change: DreamChange,
  storage: OwnerStorage,
): Promise<DreamRow | undefined> {
  const isLonger = sql`length(CAST(${change.transcript} AS BLOB)) > length(CAST(${dreams.transcript} AS BLOB))`;
  const fits =
    change.transcript === undefined
      ? undefined
      : sql`NOT (${isLonger} AND ${hasNoBytes(sql`${dreams.ownerId}`, storage)})`;
  return retryTransient(() =>
    session.drizzle
      .update(dreams)
      .set(change)
      .where(and(eq(dreams.ownerId, ownerOf(keyHash)), eq(dreams.clientId, clientId), fits))
      .returning(summary)
      .get(),
  );
}

/**
 * Deletes the dream with its jobs, their logs and their messages, and leaves a note of the jobs whose files must go.
 * A worker that makes its film learns so at its next report, and the owner's webhooks are told that its job is
 * cancelled: gives the owners whose webhooks have a message. `dream` is a row that the caller was allowed to read, so a
 * repeated call changes nothing and is a success.
 */
export async function deleteDream(
  session: Session,
  dream: { id: string; ownerId: string },
  nowMs: number,
  purgeAtMs: number,
): Promise<string[]> {
  const { id, ownerId } = dream;
  const jobs = sql`(SELECT id FROM jobs WHERE dream_id = ${id} AND owner_id = ${ownerId})`;
  const active = sql`jobs.dream_id = ${id} AND jobs.owner_id = ${ownerId}
    AND jobs.status IN ('queued', 'processing')`;
  const [promised] = await session.batch([
    promiseDeliveries(cancelledEvent, nowMs, active),
    sql`
      INSERT INTO purges (job_id, dream_id, due_at)
      SELECT id, dream_id, ${purgeAtMs} FROM jobs WHERE dream_id = ${id} AND owner_id = ${ownerId}
      ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at, keep_attempt = NULL, tries = 0`,
    sql`DELETE FROM events WHERE job_id IN ${jobs}`,
    sql`DELETE FROM outbox WHERE job_id IN ${jobs}`,
    closeCharges(sql`id IN ${jobs}`, purgeAtMs),
    expireCharges(jobs, purgeAtMs),
    sql`DELETE FROM jobs WHERE dream_id = ${id} AND owner_id = ${ownerId}`,
    ...forgetDream(id),
    sql`DELETE FROM dreams WHERE id = ${id} AND owner_id = ${ownerId}`,
  ]);
  return ownersOf(promised);
}
