/**
 * Signed requests act once. Whoever acts on one takes its nonce in the same batch, and every effect of the batch
 * carries `isOurs`. A request that runs its batch again after a lost reply still holds its nonce; a replay does not.
 */
import { type SQL, sql } from "drizzle-orm";
import { signatureToleranceSeconds } from "../../contract/limits.ts";

export interface Nonce {
  /** The message's `webhook-id`. */
  id: string;
  /** Our own request's id. */
  takenBy: string;
}

/** Kept for longer than any clock that we accept could be off, both ways. */
const keepMs = 2 * signatureToleranceSeconds * 1000;

export const takeNonce = (nonce: Nonce, nowMs: number) => sql`
  INSERT INTO nonces (id, taken_by, expires_at) VALUES (${nonce.id}, ${nonce.takenBy}, ${nowMs + keepMs})
  ON CONFLICT DO NOTHING`;

/** The same for a claim, with the job that `job` (an SQL value) finds for it. */
export const takeNonceFor = (nonce: Nonce, job: SQL, nowMs: number) => sql`
  INSERT INTO nonces (id, taken_by, expires_at, job_id)
  VALUES (${nonce.id}, ${nonce.takenBy}, ${nowMs + keepMs}, ${job})
  ON CONFLICT DO NOTHING`;

/** SQL value: the job that this request's claim was given; NULL for a replay. */
export const jobOf = (nonce: Nonce) =>
  sql`(SELECT job_id FROM nonces WHERE nonces.id = ${nonce.id} AND nonces.taken_by = ${nonce.takenBy})`;

/** SQL condition: this request, and no earlier one, took the nonce. */
export const isOurs = (nonce: Nonce) =>
  sql`EXISTS (SELECT 1 FROM nonces WHERE nonces.id = ${nonce.id} AND nonces.taken_by = ${nonce.takenBy})`;

/** Deletes at most `limit` that can no longer matter. */
export const pruneNonces = (nowMs: number, limit: number) => sql`
  DELETE FROM nonces WHERE id IN (SELECT id FROM nonces WHERE expires_at <= ${nowMs} LIMIT ${limit})`;
