/**
 * Answers kept for repeated requests. An answer is stored in the same batch as its effect, so a first request
 * is never "still running" for a second: the second request finds all of it or nothing.
 */
import { type SQL, sql } from "drizzle-orm";

export interface IdempotencyClaim {
  /**
   * The route without its parameters: a key stands for one request to the route, whatever its path and body.
   */
  endpoint: string;
  key: string;
  /** Hash of the path's parameters and the body. */
  fingerprint: string;
}

/** The answer that was given before under a key. */
export interface KeptAnswer {
  fingerprint: string;
  /** JSON of the answer's body. */
  answer: string;
}

/** Deletes an expired key. */
export const forgetIfExpired = (claim: IdempotencyClaim, keyHash: string, nowMs: number) => sql`
  DELETE FROM idempotency_keys
  WHERE owner_id = (SELECT owner_id FROM api_keys WHERE hash = ${keyHash})
    AND endpoint = ${claim.endpoint} AND key = ${claim.key} AND expires_at <= ${nowMs}`;

/** SQL condition, where `owner` is a column: no answer is kept under this key. True without a key. */
export const isUnanswered = (claim: IdempotencyClaim | null, owner: SQL) =>
  claim === null
    ? sql`TRUE`
    : sql`NOT EXISTS (SELECT 1 FROM idempotency_keys AS kept WHERE kept.owner_id = ${owner}
        AND kept.endpoint = ${claim.endpoint} AND kept.key = ${claim.key})`;

/**
 * Keeps `answer` if the condition `happened` finds the effect. `dreamId`: SQL value or the edge's own key.
 */
export const keepAnswer = (
  claim: IdempotencyClaim,
  keyHash: string,
  kept: { answer: string; untilMs: number; dreamId: string | SQL },
  happened: SQL,
) => sql`
  INSERT INTO idempotency_keys (owner_id, endpoint, key, fingerprint, answer, dream_id, expires_at)
  SELECT owner_id, ${claim.endpoint}, ${claim.key}, ${claim.fingerprint}, ${kept.answer}, ${kept.dreamId},
    ${kept.untilMs}
  FROM api_keys WHERE hash = ${keyHash} AND ${happened}
  ON CONFLICT DO NOTHING`;

/** The answer that is kept under the caller's key. */
export const readKeptAnswer = (claim: IdempotencyClaim, keyHash: string) => sql<KeptAnswer>`
  SELECT fingerprint, answer FROM idempotency_keys
  WHERE owner_id = (SELECT owner_id FROM api_keys WHERE hash = ${keyHash} AND revoked_at IS NULL)
    AND endpoint = ${claim.endpoint} AND key = ${claim.key}`;

/**
 * Removes the kept answers about a deleted dream. The answer to its creation stays without the title, so that
 * a late repetition does not create the dream again. The others go: a new dream of this client id has its own
 * films.
 */
export const forgetDream = (dreamId: string) => ({
  creationAnswer: sql`
    UPDATE idempotency_keys SET answer = json_set(answer, '$.title', NULL)
    WHERE dream_id = ${dreamId} AND endpoint = 'POST /dreams'`,
  otherAnswers: sql`DELETE FROM idempotency_keys WHERE dream_id = ${dreamId} AND endpoint <> 'POST /dreams'`,
});

/** Deletes at most `limit` expired keys. */
export const pruneIdempotencyKeys = (nowMs: number, limit: number) => sql`
  DELETE FROM idempotency_keys
  WHERE rowid IN (SELECT rowid FROM idempotency_keys WHERE expires_at <= ${nowMs} LIMIT ${limit})`;
