import { sql } from "drizzle-orm";
import { quarantineKey } from "../../../contract/storage.ts";
import { expireCharges } from "../charges.ts";
import type { Session } from "../open.ts";
import { hasNoBytes, type OwnerLimits } from "../owner-limits.ts";
import { notePurges, noteUploadPurges } from "../purges.ts";
import { workersOf } from "../transitions/change-jobs.ts";
import { endJobs } from "../transitions/end-job.ts";
import { isSegment, type SegmentRow, selectSegments } from "./segments.ts";

export interface SegmentChange {
  transcript?: string;
  /** Code points of the transcript; 0 if it has no visible character. */
  chars?: number;
  position?: number;
}

/**
 * Changes the owner's segment, unless the dream's own transcript contains it, it has no file yet, or another
 * segment has the position. Null: nothing was changed.
 */
export async function changeSegment(
  session: Session,
  keyHash: string,
  clientId: string,
  segmentId: string,
  { transcript, chars = 0, position }: SegmentChange,
  { storage }: OwnerLimits,
  nowMs: number,
): Promise<SegmentRow | null> {
  const isThis = isSegment(keyHash, clientId, segmentId);
  const isTaken = sql`EXISTS (SELECT 1 FROM segments AS other WHERE other.dream_id = segments.dream_id
    AND other.position = ${position ?? null} AND other.id <> segments.id AND other.is_deleted = 0)`;
  const isChanged = sql`${isThis} AND is_deleted = 0 AND job_id IS NOT NULL AND NOT ${isTaken}
    ${transcript === undefined ? sql`` : sql`AND is_included = 0 AND NOT ${hasNoBytes(sql`segments.owner_id`, storage)}`}`;
  const { changed, row } = await session.batch({
    freed:
      position === undefined
        ? null
        : sql`DELETE FROM segments WHERE is_deleted = 1 AND position = ${position}
            AND dream_id = (SELECT dream_id FROM segments WHERE ${isChanged})`,
    changed: sql<{ id: string }>`
      UPDATE segments SET updated_at = ${nowMs}
        ${transcript === undefined ? sql`` : sql`, transcript = ${transcript}, chars = ${chars}, is_corrected = 1`}
        ${position === undefined ? sql`` : sql`, position = ${position}`}
      WHERE ${isChanged} RETURNING id`,
    row: selectSegments(isThis),
  });
  return changed.length > 0 ? (row[0] ?? null) : null;
}

/**
 * Deletes the segment with its jobs, their logs and messages, and notes that its files must go: also those of
 * jobs that failed before it was posted again. Its position stays taken, so that the order has no gap.
 * `segment` is a row that the caller was allowed to read. Gives the workers that were transcribing it.
 */
export async function deleteSegment(
  session: Session,
  { id, dreamId }: Pick<SegmentRow, "id" | "dreamId">,
  nowMs: number,
): Promise<string[]> {
  const job = sql`jobs.dream_id = ${dreamId} AND jobs.kind = 'transcription'
    AND jobs.input ->> '$.key' = ${quarantineKey(dreamId, id)}`;
  const jobs = sql`(SELECT id FROM jobs WHERE ${job})`;
  const { end } = await session.batch({
    end: endJobs(sql`${job} AND jobs.status IN ('queued', 'processing')`, { status: "cancelled" }, nowMs),
    purges: notePurges(job, null, nowMs),
    upload: noteUploadPurges(sql`segments.id = ${id}`, nowMs),
    events: sql`DELETE FROM events WHERE job_id IN ${jobs}`,
    messages: sql`DELETE FROM outbox WHERE job_id IN ${jobs}`,
    charges: expireCharges(jobs, nowMs),
    jobs: sql`DELETE FROM jobs WHERE ${job}`,
    segment: sql`
      UPDATE segments SET is_deleted = 1, job_id = NULL, transcript = NULL, heard = NULL, chars = 0, size_bytes = 0, filename = NULL,
        language = NULL, seconds = NULL, is_corrected = 0, is_included = 0, expires_at = NULL, updated_at = ${nowMs}
      WHERE id = ${id} AND position IS NOT NULL`,
    unplaced: sql`DELETE FROM segments WHERE id = ${id} AND position IS NULL`,
  });
  return workersOf(end.jobs);
}

/**
 * Deletes at most `limit` segments whose file was never posted, and notes that it must go. Gives how many.
 */
export async function expireUploads(session: Session, nowMs: number, limit: number): Promise<number> {
  const expired = sql`segments.id IN (SELECT id FROM segments WHERE expires_at <= ${nowMs} ORDER BY expires_at LIMIT ${limit})`;
  const { gone } = await session.batch({
    purges: noteUploadPurges(expired, nowMs),
    gone: sql<{ id: string }>`DELETE FROM segments WHERE ${expired} RETURNING id`,
  });
  return gone.length;
}
