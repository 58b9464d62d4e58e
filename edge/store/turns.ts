/**
 * Who is served next. A queue has turns, and of an owner's jobs each gets a turn of its own, the one after the last;
 * served is the lowest turn, and of those the oldest job. So owners take turns: one with a hundred jobs waits for
 * itself, and one who comes with a single job stands beside the hundred's next. A job that comes back keeps its turn.
 *
 * @source start-time fair queueing (Goyal, Vin, Cheng 1996): the served turn is the virtual time
 *
 * A message is a token: it says that a job of its queue waits, and its claim gets the job whose turn it is. The job it
 * names is then left for another's token. There are never fewer tokens on their way than jobs that wait: each token
 * that is used up takes one job along.
 */
import { type SQL, sql } from "drizzle-orm";
import type { Priority } from "../../contract/film.ts";
import { workerGoneSeconds } from "../../contract/limits.ts";
import type { Line } from "../forecast/estimate.ts";

/**
 * SQL value: the turn of an owner's next job. The served turn, so that nobody saves up turns while he is away; or the
 * one after the owner's last, waiting or served. What was cancelled took no turn.
 */
export const nextTurn = (owner: SQL, priority: SQL) => sql`MAX(
  COALESCE((SELECT turn FROM queues WHERE queues.priority = ${priority}), 0),
  COALESCE((SELECT MAX(turn) + 1 FROM jobs WHERE jobs.owner_id = ${owner} AND jobs.priority = ${priority}
    AND jobs.status <> 'cancelled'), 0))`;

/** SQL value: the id of the queue's job whose turn it is, or NULL where nobody waits who may be served already. */
export const jobInTurn = (priority: Priority, nowMs: number) => sql`(
  SELECT id FROM jobs WHERE status = 'queued' AND priority = ${priority} AND ready_at <= ${nowMs}
  ORDER BY turn, created_at, id LIMIT 1)`;

/** Notes that the queue of the job that `where` (over `jobs`) finds has come as far as its turn. */
export const noteServed = (where: SQL) => sql`
  INSERT INTO queues (priority, turn) SELECT jobs.priority, jobs.turn FROM jobs WHERE ${where}
  ON CONFLICT (priority) DO UPDATE SET turn = MAX(queues.turn, excluded.turn)`;

/** Beyond it nobody cares for the exact number, and a status must stay cheap. */
const mostCounted = 500;

const count = (rows: SQL) => sql`(SELECT COUNT(*) FROM (SELECT 1 ${rows} LIMIT ${mostCounted}))`;

/** SQL value: JSON of the `Line` before the job that `jobs` is at; NULL unless it waits. */
export const lineAhead = sql<string | null>`IIF(jobs.status = 'queued', json_object(
  'ahead', ${count(sql`FROM jobs AS other WHERE other.status = 'queued' AND other.priority = jobs.priority
    AND (other.turn, other.created_at, other.id) < (jobs.turn, jobs.created_at, jobs.id)`)},
  'others', ${count(sql`FROM jobs AS other WHERE other.status = 'queued'
    AND other.priority = IIF(jobs.priority = 'premium', 'standard', 'premium')`)},
  'running', ${count(sql`FROM jobs AS other WHERE other.status = 'processing'
    AND other.lease_expires_at > 0`)},
  'slots', (SELECT COALESCE(SUM(slots), 0) FROM workers
    WHERE seen_at > (SELECT MAX(seen_at) FROM workers) - ${workerGoneSeconds * 1000})
), NULL)`;

export const readLine = (json: string | null): Line | null => (json === null ? null : JSON.parse(json));
