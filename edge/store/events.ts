/**
 * Appends to the durable log. An event is stored in the same batch as the change that it reports: see
 * transitions/.
 */
import { type SQL, sql } from "drizzle-orm";
import { type EdgeEvent, endEvents } from "../../contract/event.ts";

export interface NewEvent {
  type: EdgeEvent["type"];
  /** SQL that makes the event's data as JSON from the job's row. */
  data: SQL;
  attempt: SQL;
  /** 0 for an event that an attempt has once, else null. */
  n: 0 | null;
}

/** SQL condition: the type of an event (an SQL value) is one that ends a job. */
export const isEndEvent = (type: SQL) =>
  sql`${type} IN (SELECT value FROM json_each(${JSON.stringify(endEvents)}))`;

/** The event of a cancelled job. */
export const cancelledEvent: NewEvent = {
  type: "job.cancelled",
  data: sql`json_object()`,
  attempt: sql`jobs.attempt`,
  n: null,
};

/** The event of a job that was not approved in time. */
export const expiredEvent: NewEvent = { ...cancelledEvent, type: "job.expired" };

/** Appends one event to the log of every job that `where` (over `jobs`) finds. */
export const appendEvent = (event: NewEvent, nowMs: number, where: SQL) => sql`
  INSERT INTO events (job_id, seq, attempt, n, type, data, at)
  SELECT jobs.id, ${lastSeq} + 1, ${event.attempt}, ${event.n}, ${event.type}, ${event.data}, ${nowMs}
  FROM jobs WHERE ${where}`;

/**
 * Appends a worker's events to the job that `where` finds. A number `n` that the attempt has stored already
 * is skipped, so a repeated report adds nothing and `seq` has no gaps.
 */
export const appendWorkerEvents = (
  reported: readonly { n: number; event: { type: string; data: unknown } }[],
  nowMs: number,
  where: SQL,
) => sql`
  INSERT INTO events (job_id, seq, attempt, n, type, data, at)
  SELECT job_id, last + ROW_NUMBER() OVER (ORDER BY n), attempt, n, type, data, ${nowMs}
  FROM (
    SELECT jobs.id AS job_id, jobs.attempt AS attempt, ${lastSeq} AS last, line.value ->> '$.n' AS n,
      line.value ->> '$.event.type' AS type, line.value -> '$.event.data' AS data
    FROM jobs, json_each(${JSON.stringify(reported)}) AS line
    WHERE ${where}
    GROUP BY line.value ->> '$.n'
  ) AS fresh
  WHERE NOT EXISTS (
    SELECT 1 FROM events AS known
    WHERE known.job_id = fresh.job_id AND known.attempt = fresh.attempt AND known.n = fresh.n
  )`;

const lastSeq = sql`(SELECT COALESCE(MAX(seq), 0) FROM events WHERE events.job_id = jobs.id)`;
