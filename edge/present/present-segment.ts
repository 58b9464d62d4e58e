import type { Segment, SegmentStatus } from "../../contract/segment.ts";
import type { SegmentRow } from "../store/segments/segments.ts";

/** A segment as its owner reads it. */
export function presentSegment(row: SegmentRow): Segment {
  const status = statusOf(row);
  return {
    segment_id: row.segmentId,
    filename: row.filename,
    order: row.position,
    status,
    duration: row.seconds,
    transcript: row.transcript,
    corrected: row.isCorrected === 1,
    language: row.language,
    error: status === "failed" ? errorOf(row) : null,
    job_id: row.jobId,
    created_at: new Date(row.createdAt).toISOString(),
    updated_at: new Date(row.updatedAt).toISOString(),
  };
}

function statusOf({ transcript, jobId, jobStatus }: SegmentRow): SegmentStatus {
  if (transcript !== null) return "transcribed";
  if (jobId === null) return "awaiting_upload";
  if (jobStatus === "queued") return "queued";
  return jobStatus === "processing" ? "transcribing" : "failed";
}

const errorOf = ({ errorCode, errorMessage, errorRetryable }: SegmentRow) => ({
  code: errorCode ?? "job.cancelled",
  message: errorMessage ?? "The transcription was cancelled.",
  retryable: errorCode === null || errorRetryable === 1,
});
