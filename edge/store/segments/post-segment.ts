import { sql } from "drizzle-orm";
import type { ProblemCode } from "../../../contract/problem.ts";
import { isCaller } from "../keys.ts";
import type { Session } from "../open.ts";
import { unclaimedMs } from "../outbox.ts";
import { limitReached, type OwnerLimits } from "../owner-limits.ts";
import { enqueueJob } from "../transitions/change-jobs.ts";
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
  ownerLimits: OwnerLimits;
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
  /** The problem of an owner's limit that is reached. */
  limit: ProblemCode | null;
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
  const limit = limitReached("transcription", posted.ownerLimits, { nowMs });
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
          WHERE ${isThis} AND ${isCaller(keyHash)} AND segments.transcript IS NULL AND NOT ${isTaken} AND ${limit} IS NULL
            AND NOT EXISTS (SELECT 1 FROM jobs AS known WHERE known.id = segments.job_id
              AND known.status NOT IN ('failed', 'cancelled'))`,
        messageAtMs: nowMs + unclaimedMs,
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
    state: sql<{ priority: "standard" | "premium"; taken: number; limit: ProblemCode | null }>`
      SELECT api_keys.tier AS priority, ${isTaken} AS taken, ${limit} AS "limit" FROM segments JOIN api_keys
        ON api_keys.owner_id = segments.owner_id WHERE ${isThis} AND ${isCaller(keyHash)}`,
  });
  return {
    row: row[0] ?? null,
    priority: state[0]?.priority ?? "standard",
    isTaken: state[0]?.taken === 1,
    limit: state[0]?.limit ?? null,
  };
}
