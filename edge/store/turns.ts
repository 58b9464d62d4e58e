/**
 * The order of jobs in a queue. Each job has a turn: an owner's next job gets the turn after the owner's
 * last. The lowest turn is served first, and of equal turns the oldest job. So owners alternate: an owner
 * with a hundred jobs waits for the own ones, and an owner with a single job stands beside the first of the
 * hundred. A requeued job keeps its turn.
 *
 * An owner's transcriptions are counted apart from the owner's films: the owner waits for them, and each
 * takes a few seconds. `transcriptionsPerTurn` of them share a turn, and the first ones get the turn before
 * the one that is being served: they pass all films. Further ones alternate with the jobs of other owners.
 * Takes are counted apart too, and stand in the line like films.
 *
 * @source start-time fair queueing (Goyal, Vin, Cheng 1996): the served turn is the virtual time
 *
 * A message is a token: it says that a job of its queue waits, and its claim gets the job whose turn it is.
 * The job that it names is left to another token. There are never fewer tokens than waiting jobs, because
 * each used token takes one job with it.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Priority } from "../../contract/film.ts";
import type { JobKind } from "../../contract/job-kind.ts";
import type { Line } from "../forecast/estimate.ts";
import { isNotHeld, jobToProbe } from "./holds.ts";
import { goneAt, isUp } from "./workers.ts";

/** A told dream has about a dozen parts. Together they take less of a worker's time than one film. */
const transcriptionsPerTurn = 16;

/**
 * SQL value: the turn of an owner's next job of this kind: the turn being served, so that an absent owner
 * collects no turns, or the turn after the owner's last job of the kind, waiting or served. Cancelled jobs do
 * not count.
 */
export function nextTurn(owner: SQL, priority: SQL, kind: JobKind): SQL {
  const isTranscription = kind === "transcription";
  const served = sql`COALESCE((SELECT turn FROM queues WHERE queues.priority = ${priority}), 0)`;
  const last = sql`(SELECT mine.turn FROM jobs AS mine WHERE mine.owner_id = ${owner} AND mine.priority = ${priority}
    AND mine.kind = ${kind} AND mine.status <> 'cancelled'
    ORDER BY mine.turn DESC LIMIT 1 OFFSET ${isTranscription ? transcriptionsPerTurn - 1 : 0})`;
  const first = isTranscription ? sql`${served} - 1` : served;
  return sql`MAX(${first}, COALESCE(${last} + 1, ${first}))`;
}

/** SQL value: the id of the queue's next job in turn, or of a probe that is due; NULL if no job is ready. */
export function jobInTurn(priority: Priority, nowMs: number): SQL {
  const isReady = sql`jobs.status = 'queued' AND jobs.priority = ${priority} AND jobs.ready_at <= ${nowMs}`;
  const next = sql`(SELECT id FROM jobs WHERE ${isReady} AND ${isNotHeld} ORDER BY turn, created_at, id LIMIT 1)`;
  return sql`COALESCE(${jobToProbe(isReady, nowMs)}, ${next})`;
}

/** Stores that the queue of the job that `where` (over `jobs`) finds has reached its turn. */
export const noteServed = (where: SQL) => sql`
  INSERT INTO queues (priority, turn) SELECT jobs.priority, jobs.turn FROM jobs WHERE ${where}
  ON CONFLICT (priority) DO UPDATE SET turn = MAX(queues.turn, excluded.turn)`;

/**
 * Counting stops here, so that a status stays cheap. Written out: SQLite compiles a statement with a bound
 * LIMIT anew for each call.
 */
const mostCounted = sql.raw("500");

const count = (rows: SQL) => sql`(SELECT COUNT(*) FROM (SELECT 1 ${rows} LIMIT ${mostCounted}))`;

/** SQL value: JSON of the `Line` before the current job of `jobs`; NULL unless the job waits. */
export const lineAhead = sql<string | null>`IIF(jobs.status = 'queued', json_object(
  'ahead', ${count(sql`FROM jobs AS other WHERE other.status = 'queued' AND other.priority = jobs.priority
    AND other.is_waiting = 0
    AND (other.turn, other.created_at, other.id) < (jobs.turn, jobs.created_at, jobs.id)`)},
  'others', ${count(sql`FROM jobs AS other WHERE other.status = 'queued' AND other.is_waiting = 0
    AND other.priority = IIF(jobs.priority = 'premium', 'standard', 'premium')`)},
  'running', ${count(sql`FROM jobs AS other WHERE other.status = 'processing'
    AND other.lease_expires_at > 0`)},
  'goneAt', (SELECT MAX(${goneAt}) FROM workers),
  'slots', (SELECT COALESCE(SUM(slots), 0) FROM workers
    WHERE ${isUp(sql`(SELECT MAX(seen_at) FROM workers)`)})
), NULL)`;

/** The line that `lineAhead` wrote. */
export const readLine = (json: string | null): Line | null => (json === null ? null : JSON.parse(json));
