/** Reads the durable log of jobs: as pages, and as what a live stream needs. */
import { type SQL, sql } from "drizzle-orm";
import type { JobEvent } from "../../contract/event.ts";
import { dreamOf } from "./dreams.ts";
import { isEndEvent } from "./events.ts";
import { isCaller } from "./keys.ts";
import type { Session } from "./open.ts";
import { selectSegments } from "./segments/segments.ts";
import { type OwnedDream, ownedDream, type StatusRow, selectStatus } from "./status.ts";
import { noteWatched } from "./watched.ts";

/** The place after one event in the log of one job. */
export interface EventCursor {
  jobId: string;
  seq: number;
}

interface EventRow {
  seq: number;
  job_id: string;
  at: number;
  type: string;
  /** JSON. */
  data: string;
}

/** The most events of one read. */
const pageSize = 500;

/**
 * The dream's status and the events since `known`: the rest of that job's log, and the log of the newest job
 * if that is another; the segments that have changed at `segmentsSinceMs` or later (null: none); and which of
 * these API keys are still valid. One consistent read, which also notes that the dream has listeners.
 * Undefined: there is no such dream.
 */
export async function readNews(
  session: Session,
  dream: OwnedDream,
  known: EventCursor | null,
  keyIds: readonly string[],
  segmentsSinceMs: number | null,
  nowMs: number,
) {
  const knownJob = known?.jobId ?? null;
  const newest = sql`(SELECT video_job_id FROM dreams WHERE id = ${ownedDream(dream)})`;
  const read = await session.batch({
    watched: noteWatched(dream, nowMs),
    ...selectStatus(dream),
    keys: sql<{ id: string }>`
      SELECT id FROM api_keys WHERE id IN (SELECT value FROM json_each(${JSON.stringify(keyIds)}))
        AND owner_id = ${dream.ownerId} AND revoked_at IS NULL`,
    segments: segmentsSinceMs === null ? null : selectSegmentsSince(dream, segmentsSinceMs),
    rest: selectEvents(sql`job_id = ${knownJob} AND seq > ${known?.seq ?? 0}`, pageSize),
    fresh: selectEvents(sql`job_id = ${newest} AND job_id IS NOT ${knownJob}`, pageSize),
  });
  const [found] = read.dream;
  if (found === undefined) return undefined;
  const status: StatusRow = { dream: found, job: read.job[0] ?? null };
  return {
    status,
    segments: read.segments,
    /** The worker of the dream's film, if it may not know that there are listeners. */
    workers: read.watched.flatMap(({ worker_id }) => worker_id ?? []),
    keys: read.keys.map(({ id }) => id),
    rest: read.rest.map(asEvent),
    fresh: read.fresh.map(asEvent),
    /** True if there are more events: read again from the last one. */
    more: { rest: read.rest.length === pageSize, fresh: read.fresh.length === pageSize },
  };
}

const selectSegmentsSince = (dream: OwnedDream, sinceMs: number) =>
  selectSegments(sql`segments.dream_id = ${ownedDream(dream)} AND ${sinceMs} <= MAX(
    segments.updated_at, COALESCE(jobs.ready_at, 0), COALESCE(jobs.started_at, 0), COALESCE(jobs.ended_at, 0))`);

const selectEvents = (where: SQL, limit: number) => sql<EventRow>`
  SELECT seq, job_id, at, type, data FROM events WHERE ${where} ORDER BY seq LIMIT ${limit}`;

/**
 * Whether the cursor is at the last event of an ended job of this dream: then the client has the whole log.
 */
export async function isEnd(
  session: Session,
  dream: OwnedDream,
  { jobId, seq }: EventCursor,
): Promise<boolean> {
  const rows = await session.run(
    sql`
      SELECT 1 FROM events JOIN jobs ON jobs.id = events.job_id
      WHERE events.job_id = ${jobId} AND events.seq = ${seq} AND jobs.dream_id = ${dream.id}
        AND jobs.owner_id = ${dream.ownerId} AND ${isEndEvent(sql`events.type`)}`,
  );
  return rows.length > 0;
}

/**
 * At most `limit` events after `place`, or from the start of the newest job's log. Undefined: the key is
 * unknown. `dream` is null if the dream is not the caller's, `job` if the dream has no job or `place` names
 * none of its jobs.
 */
export async function readLog(
  session: Session,
  keyHash: string,
  clientId: string,
  place: EventCursor | null,
  limit: number,
): Promise<{ dream: string | null; job: string | null; events: JobEvent[] } | undefined> {
  const job =
    place === null
      ? sql`(SELECT video_job_id FROM dreams WHERE id = ${dreamOf(keyHash, clientId)})`
      : sql`(SELECT id FROM jobs WHERE id = ${place.jobId} AND dream_id = ${dreamOf(keyHash, clientId)})`;
  const { found, events } = await session.batch({
    found: sql<{ owner: string; dream: string | null; job: string | null }>`
      SELECT api_keys.owner_id AS owner, dreams.id AS dream, ${job} AS job
      FROM api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id AND dreams.client_id = ${clientId}
      WHERE ${isCaller(keyHash)}`,
    events: selectEvents(sql`job_id = ${job} AND seq > ${place?.seq ?? 0}`, limit),
  });
  const [caller] = found;
  return caller && { dream: caller.dream, job: caller.job, events: events.map(asEvent) };
}

/** Events were validated when they were stored. */
const asEvent = (row: EventRow) =>
  ({ ...row, at: new Date(row.at).toISOString(), data: JSON.parse(row.data) }) as JobEvent;

/** The cursor as clients see it, `{job_id}:{seq}`. It stays unambiguous when the dream gets a second job. */
export const formatEventCursor = ({ jobId, seq }: EventCursor): string => `${jobId}:${seq}`;

/** The cursor that `formatEventCursor` wrote; null for any other text. */
export function parseEventCursor(text: string): EventCursor | null {
  const [, jobId, seq] = /^([A-Za-z0-9_-]{1,64}):([0-9]{1,9})$/.exec(text) ?? [];
  return jobId === undefined ? null : { jobId, seq: Number(seq) };
}
