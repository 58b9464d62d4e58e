import { sql } from "drizzle-orm";
import type { OwnerStorage } from "../../env.ts";
import { isCaller } from "../keys.ts";
import type { Session } from "../open.ts";
import { takeMs } from "../outbox.ts";
import type { MostActive } from "../request-film.ts";
import { hasNoBytes } from "../storage.ts";
import { enqueueJob } from "../transitions/enqueue-job.ts";
import { isSegment, type SegmentRow, selectSegments } from "./segments.ts";

export interface Posted {
  keyHash: string;
  /** Of the dream. */
  clientId: string;
  /** The server's id of the segment. */
  id: string;
  segmentId: string;
  jobId: string;
  position: number;
  filename: string | null;
  seconds: number | null;
  input: TranscriptionInput;
  traceparent: string;
  storage: OwnerStorage;
  /** The most transcriptions that the owner may have queued and processing. */
  mostActive: MostActive;
}

/** What a segment's job is to transcribe: the JSON in `jobs.input`. */
export interface TranscriptionInput {
  key: string;
  size_bytes: number;
  keywords: string[];
  languages: string[];
  at_most_micro_usd: number;
}

/** What stands afterwards. */
export interface AfterPost {
  row: SegmentRow | null;
  /** The queue of the segment's job. */
  priority: "standard" | "premium";
  /** Another segment has the position. */
  isTaken: boolean;
  /** The owner's rows have no room. */
  isOut: boolean;
  /** The owner has the maximum number of active transcriptions. */
  isFull: boolean;
}

/**
 * Queues the job that transcribes the segment, unless one is active or has succeeded, another segment has the
 * position, or the owner is at a limit. By the segment's `jobId` the caller sees whether this call made the
 * job.
 */
export async function postSegment(session: Session, posted: Posted, nowMs: number): Promise<AfterPost> {
  const { keyHash, clientId, id, segmentId, jobId, position } = posted;
  const isTaken = sql`EXISTS (SELECT 1 FROM segments AS other WHERE other.dream_id = segments.dream_id
    AND other.position = ${position} AND other.id <> segments.id AND other.is_deleted = 0)`;
  const isThis = sql`${isSegment(keyHash, clientId, segmentId)} AND segments.id = ${id} AND segments.is_deleted = 0`;
  const isOut = hasNoBytes(sql`api_keys.owner_id`, posted.storage);
  const isFull = sql`((SELECT COUNT(*) FROM jobs AS active WHERE active.owner_id = api_keys.owner_id
    AND active.kind = 'transcription' AND active.status IN ('queued', 'processing'))
    >= IIF(api_keys.tier = 'premium', ${posted.mostActive.premium}, ${posted.mostActive.standard}))`;
  const { row, state } = await session.batch({
    job: enqueueJob(
      {
        jobId,
        kind: "transcription",
        dreamId: sql`segments.dream_id`,
        ownerId: sql`segments.owner_id`,
        priority: sql`api_keys.tier`,
        input: sql`${JSON.stringify(posted.input)}`,
        traceparent: sql`${posted.traceparent}`,
        from: sql`segments JOIN api_keys ON api_keys.owner_id = segments.owner_id
          WHERE ${isThis} AND ${isCaller(keyHash)} AND segments.transcript IS NULL AND NOT ${isTaken} AND NOT ${isOut} AND NOT ${isFull}
            AND NOT EXISTS (SELECT 1 FROM jobs AS known WHERE known.id = segments.job_id
              AND known.status NOT IN ('failed', 'cancelled'))`,
        messageAtMs: nowMs + takeMs,
      },
      nowMs,
    ),
    // A segment that was deleted gives its position away.
    freed: sql`
      DELETE FROM segments WHERE is_deleted = 1 AND position = ${position}
        AND dream_id = (SELECT dream_id FROM jobs WHERE jobs.id = ${jobId})`,
    segment: sql`
      UPDATE segments SET job_id = ${jobId}, position = ${position}, filename = ${posted.filename},
        seconds = ${posted.seconds}, expires_at = NULL, updated_at = ${nowMs}
      WHERE id = ${id} AND EXISTS (SELECT 1 FROM jobs WHERE jobs.id = ${jobId})`,
    row: selectSegments(isThis),
    state: sql<{ priority: "standard" | "premium"; taken: number; out: number; is_full: number }>`
      SELECT api_keys.tier AS priority, ${isTaken} AS taken, ${isOut} AS out, ${isFull} AS is_full FROM segments JOIN api_keys
        ON api_keys.owner_id = segments.owner_id WHERE ${isThis} AND ${isCaller(keyHash)}`,
  });
  return {
    row: row[0] ?? null,
    priority: state[0]?.priority ?? "standard",
    isTaken: state[0]?.taken === 1,
    isOut: state[0]?.out === 1,
    isFull: state[0]?.is_full === 1,
  };
}
