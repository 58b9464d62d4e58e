/**
 * Signed requests act once. The batch of a request takes the nonce first, and every effect of the batch
 * carries `isOurs`. A worker numbers its messages (contract/signature.ts): a window over the newest 63
 * numbers of each sender tells which were seen, with a few rows for each worker process and none for each
 * message. Older workers send a random id, and each of those leaves a row in `nonces`.
 *
 * A request that repeats its batch after a lost reply still holds its nonce, unless the sender's next message
 * arrived in between. In that case, and if a message is overtaken by 63 others, it is refused as a replay:
 * the worker sends it again with a new number, because each of its requests may be repeated.
 */
import { type SQL, sql } from "drizzle-orm";
import { signatureToleranceSeconds } from "../../contract/limits.ts";
import { readSequencedId } from "../../contract/signature.ts";
import { firstOf, type Session } from "./open.ts";

export interface Nonce {
  /** The message's `webhook-id`. */
  id: string;
  /** The edge's own id of the request. */
  takenBy: string;
}

/** Longer than any accepted clock difference, in both directions. Milliseconds. */
const keepMs = 2 * signatureToleranceSeconds * 1000;
/** SQLite's integers have 64 bits; the sign bit is not used. */
const windowBits = 63;
const windowMask = sql.raw("9223372036854775807");

/** Takes the nonce of this request, as the first statement of its batch. */
export const takeNonce = (nonce: Nonce, nowMs: number) => takeNonceFor(nonce, sql`NULL`, nowMs);

/** Takes the nonce of a claim, with the job that `job` (an SQL value) finds for it. */
export function takeNonceFor(nonce: Nonce, job: SQL, nowMs: number): SQL {
  const sequence = readSequencedId(nonce.id);
  if (sequence === null) {
    return sql`
      INSERT INTO nonces (id, taken_by, expires_at, job_id)
      VALUES (${nonce.id}, ${nonce.takenBy}, ${nowMs + keepMs}, ${job})
      ON CONFLICT DO NOTHING`;
  }
  const ahead = sql`(excluded.highest - senders.highest)`;
  const behind = sql`(senders.highest - excluded.highest)`;
  return sql`
    INSERT INTO senders (id, highest, seen, taken_by, job_id, seen_at)
    VALUES (${sequence.sender}, ${sequence.number}, 1, ${nonce.takenBy}, ${job}, ${nowMs})
    ON CONFLICT (id) DO UPDATE SET
      seen = CASE
        WHEN ${ahead} >= ${windowBits} THEN 1
        WHEN ${ahead} > 0 THEN ((senders.seen << ${ahead}) & ${windowMask}) | 1
        ELSE senders.seen | (1 << ${behind}) END,
      highest = MAX(senders.highest, excluded.highest), taken_by = excluded.taken_by,
      job_id = excluded.job_id, seen_at = MAX(senders.seen_at, excluded.seen_at)
    WHERE ${ahead} > 0 OR (${behind} < ${windowBits} AND (senders.seen >> ${behind}) & 1 = 0)`;
}

/**
 * Takes the nonce of a request that changes nothing else in D1. False: this signed request was seen before.
 */
export async function acceptOnce(session: Session, nonce: Nonce, nowMs: number): Promise<boolean> {
  const { stands } = await session.batch({
    nonce: takeNonce(nonce, nowMs),
    stands: sql<{ fresh: number }>`SELECT ${isOurs(nonce)} AS fresh`,
  });
  return firstOf(stands).fresh === 1;
}

/** SQL value: the job that this request's claim was given; NULL for a replay. */
export const jobOf = (nonce: Nonce) => sql`(SELECT job_id FROM ${ours(nonce)})`;

/** SQL condition: this request, and no earlier one, took the nonce. */
export const isOurs = (nonce: Nonce) => sql`EXISTS (SELECT 1 FROM ${ours(nonce)})`;

/** The row which shows that this request took the nonce. */
function ours(nonce: Nonce): SQL {
  const sender = readSequencedId(nonce.id)?.sender;
  return sender === undefined
    ? sql`nonces WHERE nonces.id = ${nonce.id} AND nonces.taken_by = ${nonce.takenBy}`
    : sql`senders WHERE senders.id = ${sender} AND senders.taken_by = ${nonce.takenBy}`;
}

/** Deletes at most `limit` expired nonces. */
export const pruneNonces = (nowMs: number, limit: number) => sql`
  DELETE FROM nonces WHERE id IN (SELECT id FROM nonces WHERE expires_at <= ${nowMs} LIMIT ${limit})`;

/**
 * Deletes senders whose messages are all too old to be accepted. There are about as many senders as machines.
 */
export const pruneSenders = (nowMs: number) => sql`DELETE FROM senders WHERE seen_at <= ${nowMs - keepMs}`;
