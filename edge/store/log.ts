/** The stored log: as pages, and as what a live stream needs to go on. */
import { type SQL, sql } from "drizzle-orm";
import type { JobEvent } from "../../contract/event.ts";
import { dreams } from "../../db/schema.ts";
import { dreamOf } from "./dreams.ts";
import type { Session } from "./open.ts";
import { type OwnedDream, readStatusAnd } from "./status.ts";

/** After which event of which job's log. */
export interface Place {
  jobId: string;
  seq: number;
}

interface EventRow {
  seq: number;
  job_id: string;
  at: number;
  type: string;
  data: unknown;
}

/** Events that one read takes at most. */
const pageSize = 500;

/**
 * How the dream stands and what its logs have gained since `known`: the rest of that job's log, and the log of the
 * newest job where that is another; and which of these API keys are still valid. All of one moment. Undefined: no such
 * dream.
 */
export async function readNews(
  session: Session,
  dream: OwnedDream,
  known: Place | null,
  keyIds: readonly string[],
) {
  const knownJob = known?.jobId ?? null;
  const row = await readStatusAnd(
    session,
    dream,
    sql<string>`json_object(
      'keys', json((SELECT json_group_array(id) FROM api_keys WHERE id IN (
        SELECT value FROM json_each(${JSON.stringify(keyIds)}))
        AND owner_id = ${dreams.ownerId} AND revoked_at IS NULL)),
      'rest', json(${eventsAsJson(sql`job_id = ${knownJob} AND seq > ${known?.seq ?? 0}`)}),
      'fresh', json(${eventsAsJson(sql`job_id = ${dreams.videoJobId} AND job_id IS NOT ${knownJob}`)}))`,
  );
  if (row === undefined) return undefined;
  const { asked, ...status } = row;
  const { keys, rest, fresh }: { keys: string[]; rest: EventRow[]; fresh: EventRow[] } = JSON.parse(asked);
  return {
    status,
    keys,
    rest: rest.map(asEvent),
    fresh: fresh.map(asEvent),
    /** There is more: read again from where these end. */
    more: { rest: rest.length === pageSize, fresh: fresh.length === pageSize },
  };
}

const eventsAsJson = (where: SQL) => sql`(
  SELECT json_group_array(json_object('seq', seq, 'job_id', job_id, 'at', at, 'type', type, 'data', json(data)))
  FROM (SELECT seq, job_id, at, type, data FROM events WHERE ${where} ORDER BY seq LIMIT ${pageSize}))`;

/** Whether `place` is the last event of a job of this dream that has ended: nothing of its log is missing then. */
export async function isEnd(session: Session, dream: OwnedDream, { jobId, seq }: Place): Promise<boolean> {
  const [rows] = await session.batch([
    sql`
      SELECT 1 FROM events JOIN jobs ON jobs.id = events.job_id
      WHERE events.job_id = ${jobId} AND events.seq = ${seq} AND jobs.dream_id = ${dream.id}
        AND jobs.owner_id = ${dream.ownerId} AND events.type IN ('job.completed', 'job.failed', 'job.cancelled')`,
  ]);
  return rows.length > 0;
}

/**
 * At most `limit` events after `place`, or from the start of the newest job's log. Undefined: no such key. `dream`
 * null: not the caller's; `job` null: none asked for, or `place` names no job of this dream.
 */
export async function readLog(
  session: Session,
  keyHash: string,
  clientId: string,
  place: Place | null,
  limit: number,
): Promise<{ dream: string | null; job: string | null; events: JobEvent[] } | undefined> {
  const job =
    place === null
      ? sql`(SELECT video_job_id FROM dreams WHERE id = ${dreamOf(keyHash, clientId)})`
      : sql`(SELECT id FROM jobs WHERE id = ${place.jobId} AND dream_id = ${dreamOf(keyHash, clientId)})`;
  const [[found], rows] = await session.batch([
    sql<{ owner: string; dream: string | null; job: string | null }>`
      SELECT api_keys.owner_id AS owner, dreams.id AS dream, ${job} AS job
      FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
      WHERE api_keys.hash = ${keyHash} AND api_keys.revoked_at IS NULL`,
    sql<EventRow & { data: string }>`
      SELECT seq, job_id, at, type, data FROM events
      WHERE job_id = ${job} AND seq > ${place?.seq ?? 0} ORDER BY seq LIMIT ${limit}`,
  ]);
  if (found === undefined) return undefined;
  const events = rows.map((row) => asEvent({ ...row, data: JSON.parse(row.data) }));
  return { dream: found.dream, job: found.job, events };
}

/** Events were checked when they were stored. */
const asEvent = (row: EventRow) => ({ ...row, at: new Date(row.at).toISOString() }) as JobEvent;
