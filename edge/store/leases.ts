/**
 * How long an attempt holds its job. Every sign of life renews the lease, but not beyond `progressTimeoutSeconds` after
 * the attempt last got further: one that stalls loses its job like one that falls silent, by the same alarm and sweep.
 */
import { type SQL, sql } from "drizzle-orm";
import { leaseSeconds, maxFailedAttempts, progressTimeoutSeconds } from "../../contract/limits.ts";

/** The end of a lease that begins now. */
export const leaseEnd = (nowMs: number) => nowMs + leaseSeconds * 1000;

/** SQL value: the end of the lease of an attempt that is alive now and last got further at `progressedAt`. */
export const renewedLease = (progressedAt: SQL, nowMs: number) =>
  sql`MIN(${leaseEnd(nowMs)}, COALESCE(${progressedAt}, ${nowMs}) + ${progressTimeoutSeconds * 1000})`;

/** SQL condition over `jobs` whose lease has lapsed: the attempt reports and gets nowhere. */
const hasStalled = (nowMs: number) =>
  sql`COALESCE(jobs.progressed_at + ${progressTimeoutSeconds * 1000} <= ${nowMs}, 0)`;

/** SQL value over `jobs` whose lease has lapsed: why, as `job.retrying` says it. */
export const lapseReason = (nowMs: number) => sql`IIF(${hasStalled(nowMs)}, 'stalled', 'silent')`;

/** SQL value over `jobs` whose lease has lapsed for the last time: why the job fails, for its owner to read. */
export const lastLapseMessage = (nowMs: number) => sql`IIF(${hasStalled(nowMs)},
  ${`The last of ${maxFailedAttempts} attempts made no progress for ${progressTimeoutSeconds / 60} minutes.`},
  ${`The last of ${maxFailedAttempts} attempts ended in silence.`})`;
