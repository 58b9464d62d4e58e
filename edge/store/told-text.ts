/**
 * The text of a dream that was written, told, or both: the dream's own transcript, and after it the
 * transcripts of its segments in their order. A segment that the owner's change of the whole text contains
 * already (`is_included`) is left out. All SQL here is over a row of `dreams`.
 */
import { type SQL, sql } from "drizzle-orm";
import type { FilmCeiling } from "../../contract/estimate-cost.ts";
import { limits } from "../../contract/limits.ts";

const separator = sql`char(10) || char(10)`;

/** SQL condition over `segments`: belongs to the row of `dreams`, and counts. */
const isOfDream = sql`segments.dream_id = dreams.id AND segments.is_deleted = 0`;

/**
 * SQL value: the texts of the segments that the dream's own transcript does not contain; NULL if there is
 * none.
 */
const toldPart = sql`(SELECT group_concat(transcript, ${separator}) FROM (
  SELECT transcript FROM segments WHERE ${isOfDream} AND segments.is_included = 0 AND segments.transcript <> ''
  ORDER BY segments.position))`;

/** SQL value: the whole text. `toldPart` stands in it once, so that statements are short to compile. */
export const toldText = sql`COALESCE(dreams.transcript || IIF(dreams.transcript = '', '', ${separator})
  || ${toldPart}, dreams.transcript)`;

/** SQL value: code points of the whole text; 0 if it has no visible character. */
export const toldChars = sql`IIF(${visibleChars()} = 0, 0, LENGTH(${toldText}))`;

function visibleChars(): SQL {
  return sql`(dreams.transcript_chars + (SELECT COALESCE(SUM(segments.chars), 0) FROM segments
    WHERE ${isOfDream} AND segments.is_included = 0))`;
}

/** SQL value: how many of the dream's segments `which` finds, over `segments` and their `jobs`. */
const count = (which: SQL) => sql`(SELECT COUNT(*) FROM segments
  LEFT JOIN jobs AS telling_job ON telling_job.id = segments.job_id WHERE ${isOfDream} AND ${which})`;

const hasNoText = sql`segments.transcript IS NULL`;
export const pendingSegments = count(sql`${hasNoText} AND telling_job.status IN ('queued', 'processing')`);
export const failedSegments = count(sql`${hasNoText} AND segments.job_id IS NOT NULL
  AND (telling_job.status IS NULL OR telling_job.status NOT IN ('queued', 'processing'))`);
const awaitingSegments = count(sql`${hasNoText} AND segments.job_id IS NULL`);

/** SQL value: how many places of the order have no segment, and had none that was deleted. */
const gaps = sql`(SELECT COALESCE(MAX(segments.position) + 1, 0) - COUNT(segments.position) FROM segments
  WHERE segments.dream_id = dreams.id)`;

/** SQL condition over `segments` and `telling_job`: the segment has, or will have, a recording in R2. */
const isRecorded = sql`telling_job.status IN ('queued', 'processing', 'completed')`;

/** SQL value: how many of the dream's segments have a recording, or will have one. */
export const recordedSegments = count(isRecorded);

/** SQL value: JSON list of the dream's recordings in their order, as `StoredRecording`. */
export const recordingsOf = sql`(SELECT json_group_array(json_object('job_id', job_id, 'attempt', attempt,
    'seconds', seconds, 'language', language, 'transcript', transcript, 'heard', heard)) FROM (
  SELECT segments.job_id AS job_id, telling_job.attempt AS attempt, COALESCE(segments.seconds, 0) AS seconds,
    segments.language AS language, segments.transcript AS transcript, segments.heard AS heard
  FROM segments JOIN jobs AS telling_job ON telling_job.id = segments.job_id
  WHERE ${isOfDream} AND telling_job.status = 'completed' AND segments.transcript <> '' ORDER BY segments.position))`;

/** What was told so far. */
export interface Telling {
  /** Segments whose file is not uploaded, whose transcription runs, and whose transcription failed. */
  awaiting: number;
  pending: number;
  failed: number;
  /** Segments that have, or will have, a recording. */
  recorded: number;
  gaps: number;
  /** Code points of the text, and of its parts that have visible characters. */
  length: number;
  visible: number;
}

/** SQL value: JSON of `Telling`. */
export const tellingOf = sql<string>`IIF(dreams.id IS NULL, NULL, json_object('awaiting', ${awaitingSegments},
  'pending', ${pendingSegments}, 'failed', ${failedSegments}, 'recorded', ${recordedSegments}, 'gaps', ${gaps}, 'length', LENGTH(${toldText}),
  'visible', ${visibleChars()}))`;

/** SQL condition: a segment is being transcribed. */
export const isBeingTold = sql`(${pendingSegments} > 0)`;

/** SQL condition: a film can be made of the text, now or when the running transcriptions have ended. */
export const isToldWhole = sql`(${awaitingSegments} = 0 AND ${gaps} = 0 AND ${failedSegments} = 0
  AND (${pendingSegments} > 0 OR (${visibleChars()} > 0 AND LENGTH(${toldText}) <= ${limits.transcriptChars})))`;

/** SQL value: the most that a film of `text` (an SQL value) may cost, in micro-dollars. */
export const ceilingOf = ({ microUsd, microUsdPerByte }: FilmCeiling, text: SQL) => sql`CAST(
  ${microUsd} + ${microUsdPerByte} * LENGTH(CAST(json_quote(${text}) AS BLOB)) AS INTEGER)`;
