/** The segments of dreams. Every statement joins the caller's key, as those of dreams.ts do. */
import { type SQL, sql } from "drizzle-orm";
import { limits } from "../../../contract/limits.ts";
import type { ProblemCode } from "../../../contract/problem.ts";
import { dreamOf } from "../dreams.ts";
import { isCaller } from "../keys.ts";
import type { Session } from "../open.ts";
import { limitReached, type OwnerLimits } from "../owner-limits.ts";
import { noteUploadPurges } from "../purges.ts";

export interface SegmentRow {
  id: string;
  dreamId: string;
  segmentId: string;
  position: number | null;
  filename: string | null;
  contentType: string;
  sizeBytes: number;
  seconds: number | null;
  jobId: string | null;
  transcript: string | null;
  language: string | null;
  isCorrected: number;
  isIncluded: number;
  createdAt: number;
  updatedAt: number;
  jobStatus: "queued" | "processing" | "completed" | "failed" | "cancelled" | null;
  errorCode: string | null;
  errorMessage: string | null;
  errorRetryable: number | null;
}

/** The segments that `where` (over `segments`) finds, with the state of their jobs. */
export const selectSegments = (where: SQL) => sql<SegmentRow>`
  SELECT segments.id AS id, segments.dream_id AS "dreamId", segments.segment_id AS "segmentId", position, filename,
    content_type AS "contentType", segments.size_bytes AS "sizeBytes", seconds, job_id AS "jobId", transcript, language,
    is_corrected AS "isCorrected", is_included AS "isIncluded", segments.created_at AS "createdAt",
    segments.updated_at AS "updatedAt", jobs.status AS "jobStatus", jobs.error_code AS "errorCode",
    jobs.error_message AS "errorMessage", jobs.error_retryable AS "errorRetryable"
  FROM segments LEFT JOIN jobs ON jobs.id = segments.job_id
  WHERE ${where} AND segments.is_deleted = 0`;

/** SQL condition over `segments`: the caller's segment of this client id. */
export const isSegment = (keyHash: string, clientId: string, segmentId: string) =>
  sql`segments.dream_id = ${dreamOf(keyHash, clientId)} AND segments.segment_id = ${segmentId}`;

/** The statement that reads the caller and its dream of this client id: no row for an unknown key. */
export const selectCaller = (keyHash: string, clientId: string) => sql<{ dream: string | null }>`
  SELECT (SELECT dreams.id FROM dreams WHERE dreams.owner_id = api_keys.owner_id
    AND dreams.client_id = ${clientId}) AS dream
  FROM api_keys WHERE ${isCaller(keyHash)}`;

/**
 * In their order, then those that wait for their files. `dreamId` null: the caller has no such dream.
 * Undefined: no such key.
 */
export async function listSegments(
  session: Session,
  keyHash: string,
  clientId: string,
): Promise<{ dreamId: string | null; rows: SegmentRow[] } | undefined> {
  const { caller, rows } = await session.batch({
    caller: selectCaller(keyHash, clientId),
    rows: sql<SegmentRow>`
      ${selectSegments(sql`segments.dream_id = ${dreamOf(keyHash, clientId)}`)} ORDER BY position`,
  });
  const placed = rows.filter(({ position }) => position !== null);
  const others = rows.filter(({ position }) => position === null);
  return caller[0] && { dreamId: caller[0].dream, rows: [...placed, ...others] };
}

/** One segment; `row` null: the dream has no such segment. Undefined: no such key. */
export async function readSegment(session: Session, keyHash: string, clientId: string, segmentId: string) {
  const { caller, row } = await session.batch({
    caller: selectCaller(keyHash, clientId),
    row: selectSegments(isSegment(keyHash, clientId, segmentId)),
  });
  return caller[0] && { dreamId: caller[0].dream, row: row[0] ?? null };
}

export interface Upload {
  /** Made by the server; used if the segment is new. */
  id: string;
  segmentId: string;
  contentType: string;
  sizeBytes: number;
}

/** What stands after an upload was announced. */
export interface Announced {
  dreamId: string | null;
  row: SegmentRow | null;
  /** Of the dream's other segments. */
  others: number;
  /** The problem of an owner's limit that is reached. */
  limit: ProblemCode | null;
}

/**
 * Notes that a file will be uploaded for the segment, if it is new, was deleted, or has no posted file yet. A
 * file of another type or length gets another key, and a file under the earlier key goes: each key holds at
 * most the bytes that are counted for it. Undefined: no such key.
 */
export async function announceUpload(
  session: Session,
  keyHash: string,
  clientId: string,
  { id, segmentId, contentType, sizeBytes }: Upload,
  ownerLimits: OwnerLimits,
  nowMs: number,
): Promise<Announced | undefined> {
  const others = sql`(SELECT COUNT(*) FROM segments AS other WHERE other.dream_id = dreams.id
    AND other.is_deleted = 0 AND other.segment_id <> ${segmentId})`;
  const ownBytes = sql`COALESCE((SELECT own.size_bytes FROM segments AS own
    WHERE own.dream_id = dreams.id AND own.segment_id = ${segmentId}), 0)`;
  const limit = limitReached("upload", ownerLimits, { nowMs, addedBytes: sql`${sizeBytes} - ${ownBytes}` });
  const fromCaller = sql`api_keys LEFT JOIN dreams ON dreams.owner_id = api_keys.owner_id
    AND dreams.client_id = ${clientId} WHERE ${isCaller(keyHash)}`;
  const admitted = sql`${fromCaller} AND dreams.id IS NOT NULL AND ${others} < ${limits.segments}
    AND ${limit} IS NULL`;
  const isOther = (type: SQL, bytes: SQL) => sql`(${type} <> ${contentType} OR ${bytes} <> ${sizeBytes})`;
  const { after, row } = await session.batch({
    replaced: noteUploadPurges(
      sql`${isSegment(keyHash, clientId, segmentId)} AND segments.is_deleted = 0 AND segments.job_id IS NULL
        AND segments.transcript IS NULL AND ${isOther(sql`segments.content_type`, sql`segments.size_bytes`)}
        AND EXISTS (SELECT 1 FROM ${admitted})`,
      nowMs,
    ),
    // A deleted segment goes on to fill its place, under a name that no client can choose.
    deleted: sql`
      UPDATE segments SET segment_id = '~' || id WHERE ${isSegment(keyHash, clientId, segmentId)} AND is_deleted = 1`,
    announced: sql`
      INSERT INTO segments (id, dream_id, owner_id, segment_id, content_type, size_bytes, created_at, updated_at,
        expires_at)
      SELECT ${id}, dreams.id, dreams.owner_id, ${segmentId}, ${contentType}, ${sizeBytes}, ${nowMs}, ${nowMs},
        ${nowMs + limits.uploadKeepSeconds * 1000}
      FROM ${admitted}
      ON CONFLICT (dream_id, segment_id) DO UPDATE SET
        id = IIF(${isOther(sql`content_type`, sql`size_bytes`)}, excluded.id, id),
        content_type = excluded.content_type, size_bytes = excluded.size_bytes, updated_at = excluded.updated_at,
        expires_at = excluded.expires_at
      WHERE job_id IS NULL AND transcript IS NULL`,
    after: sql<Omit<Announced, "row">>`
      SELECT dreams.id AS "dreamId", ${others} AS others, ${limit} AS "limit" FROM ${fromCaller}`,
    row: selectSegments(isSegment(keyHash, clientId, segmentId)),
  });
  return after[0] && { ...after[0], row: row[0] ?? null };
}
