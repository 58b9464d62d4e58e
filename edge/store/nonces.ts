/**
 * Signed requests act once. The batch that acts on one takes its nonce first, and every effect of the batch carries
 * `isOurs`. A worker numbers its messages (contract/signature.ts), so a window over the newest 63 numbers of each sender
 * says which were seen: a few rows a worker's process and none a message. Workers that are older than the numbers send a
 * random id, and each of those leaves a row in `nonces`.
 *
 * A request that runs its batch again after a lost reply still holds its nonce, unless the sender's next message came in
 * between. Then, and where a message is overtaken by 63 others, it is refused as a replay: the worker asks again with a
 * new number, and each of its requests may be repeated.
 */
import { type SQL, sql } from "drizzle-orm";
import { signatureToleranceSeconds } from "../../contract/limits.ts";
import { readSequencedId } from "../../contract/signature.ts";

export interface Nonce {
  /** The message's `webhook-id`. */
  id: string;
  /** Our own request's id. */
  takenBy: string;
}

/** Kept for longer than any clock that we accept could be off, both ways. */
const keepMs = 2 * signatureToleranceSeconds * 1000;
/** SQLite's integers have 64 bits; the sign is left alone. */
const windowBits = 63;
const windowMask = sql.raw("9223372036854775807");

export const takeNonce = (nonce: Nonce, nowMs: number) => takeNonceFor(nonce, sql`NULL`, nowMs);

/** The same for a claim, with the job that `job` (an SQL value) finds for it. */
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

/** SQL value: the job that this request's claim was given; NULL for a replay. */
export const jobOf = (nonce: Nonce) => sql`(SELECT job_id FROM ${ours(nonce)})`;

/** SQL condition: this request, and no earlier one, took the nonce. */
export const isOurs = (nonce: Nonce) => sql`EXISTS (SELECT 1 FROM ${ours(nonce)})`;

/** The row that says that this request took the nonce. */
function ours(nonce: Nonce): SQL {
  const sender = readSequencedId(nonce.id)?.sender;
  return sender === undefined
    ? sql`nonces WHERE nonces.id = ${nonce.id} AND nonces.taken_by = ${nonce.takenBy}`
    : sql`senders WHERE senders.id = ${sender} AND senders.taken_by = ${nonce.takenBy}`;
}

/** Deletes at most `limit` that can no longer matter. */
export const pruneNonces = (nowMs: number, limit: number) => sql`
  DELETE FROM nonces WHERE id IN (SELECT id FROM nonces WHERE expires_at <= ${nowMs} LIMIT ${limit})`;

/** Deletes the senders whose messages are all too old to be accepted again. There are about as many as machines. */
export const pruneSenders = (nowMs: number) => sql`DELETE FROM senders WHERE seen_at <= ${nowMs - keepMs}`;
