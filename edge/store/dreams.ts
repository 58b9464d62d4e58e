/**
 * Dreams, always through the eyes of the key that asks: each statement joins it, so that authentication costs no round
 * trip and none can forget whose dream it is. Where a caller is undefined there is no such key; where a dream is null,
 * it is nobody's or another's.
 */
import { and, desc, eq, getTableColumns, lt, or, sql } from "drizzle-orm";
import { limits } from "../../contract/limits.ts";
import { apiKeys, dreams } from "../../db/schema.ts";
import { closeCharges, expireCharges } from "./charges.ts";
import {
  forgetIfExpired,
  type IdempotencyClaim,
  isUnanswered,
  type KeptAnswer,
  keepAnswer,
  readKeptAnswer,
} from "./idempotency.ts";
import { isCaller, ownerOf } from "./keys.ts";
import { retryTransient, type Session } from "./open.ts";

const { transcript: _, ...summary } = getTableColumns(dreams);
/** A dream without its text. */
export type DreamRow = Omit<typeof dreams.$inferSelect, "transcript">;

export interface NewDream {
  id: string;
  title: string | null;
  transcript: string;
  transcriptChars: number;
  createdAt: number;
}

/** Stores the dream unless its id is taken or the request was answered before. `answer` is kept for those who ask again. */
export async function insertDream(
  session: Session,
  keyHash: string,
  dream: NewDream,
  idempotency: IdempotencyClaim | null,
  answer: string,
): Promise<{ isCaller: boolean; made: boolean; kept: KeptAnswer | null }> {
  const { id, title, transcript, transcriptChars, createdAt } = dream;
  const untilMs = createdAt + limits.idempotencyKeepSeconds * 1000;
  const results = await session.batch([
    idempotency && forgetIfExpired(idempotency, keyHash, createdAt),
    sql<{ id: string }>`
      INSERT INTO dreams (id, owner_id, title, transcript, transcript_chars, created_at, updated_at)
      SELECT ${id}, api_keys.owner_id, ${title}, ${transcript}, ${transcriptChars}, ${createdAt}, ${createdAt}
      FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL
        AND ${isUnanswered(idempotency, sql`api_keys.owner_id`)}
      ON CONFLICT DO NOTHING RETURNING id`,
    idempotency && keepAnswer(idempotency, keyHash, { answer, untilMs }, sql`changes() = 1`),
    sql`SELECT 1 FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL`,
    idempotency && readKeptAnswer(idempotency, keyHash),
  ]);
  return {
    isCaller: results[3].length > 0,
    made: results[1].length > 0,
    kept: results[4][0] ?? null,
  };
}

export async function readDream(session: Session, keyHash: string, dreamId: string) {
  return session.drizzle
    .select({ dream: summary })
    .from(apiKeys)
    .leftJoin(dreams, and(eq(dreams.id, dreamId), eq(dreams.ownerId, apiKeys.ownerId)))
    .where(isCaller(keyHash))
    .get();
}

export async function readTranscript(session: Session, keyHash: string, dreamId: string) {
  return session.drizzle
    .select({ dream: { id: dreams.id, transcript: dreams.transcript } })
    .from(apiKeys)
    .leftJoin(dreams, and(eq(dreams.id, dreamId), eq(dreams.ownerId, apiKeys.ownerId)))
    .where(isCaller(keyHash))
    .get();
}

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

/** The dream as it is after the change; undefined where the caller has none such. */
export async function updateDream(
  session: Session,
  keyHash: string,
  dreamId: string,
  change: DreamChange,
): Promise<DreamRow | undefined> {
  return retryTransient(() =>
    session.drizzle
      .update(dreams)
      .set(change)
      .where(and(eq(dreams.id, dreamId), eq(dreams.ownerId, ownerOf(keyHash))))
      .returning(summary)
      .get(),
  );
}

/**
 * Deletes the dream with its jobs, their logs and their messages, and leaves a note of the jobs whose files must go.
 * A worker that is at it learns so at its next report. Whether there was such a dream of the caller's.
 */
export async function deleteDream(
  session: Session,
  keyHash: string,
  dreamId: string,
  purgeAtMs: number,
): Promise<boolean> {
  const isTheirs = sql`EXISTS (SELECT 1 FROM dreams WHERE id = ${dreamId} AND owner_id = ${ownerOf(keyHash)})`;
  const theirJobs = sql`(SELECT id FROM jobs WHERE dream_id = ${dreamId} AND ${isTheirs})`;
  const results = await session.batch([
    sql`
      INSERT INTO purges (job_id, dream_id, due_at)
      SELECT id, dream_id, ${purgeAtMs} FROM jobs WHERE dream_id = ${dreamId} AND ${isTheirs}
      ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at, keep_attempt = NULL`,
    sql`DELETE FROM events WHERE job_id IN ${theirJobs}`,
    sql`DELETE FROM outbox WHERE job_id IN ${theirJobs}`,
    closeCharges(sql`id IN ${theirJobs}`, purgeAtMs),
    expireCharges(theirJobs, purgeAtMs),
    sql`DELETE FROM jobs WHERE dream_id = ${dreamId} AND ${isTheirs}`,
    // Its title, in the answer that is kept for who asks for it twice.
    sql`
      UPDATE idempotency_keys SET answer = json_set(answer, '$.title', NULL)
      WHERE owner_id = ${ownerOf(keyHash)} AND endpoint = 'POST /dreams' AND answer ->> '$.id' = ${dreamId}
        AND ${isTheirs}`,
    sql`DELETE FROM dreams WHERE id = ${dreamId} AND owner_id = ${ownerOf(keyHash)} RETURNING id`,
  ]);
  return results[7].length > 0;
}
