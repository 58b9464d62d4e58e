import { sql } from "drizzle-orm";
import { type AttemptRef, type AttemptState, holdsJob, selectState } from "../attempt.ts";
import { takeNonce } from "../nonces.ts";
import { firstOf, type Session } from "../open.ts";
import { noteUploadPurges } from "../purges.ts";
import { endJobs } from "../transitions/end-job.ts";

export interface Transcribed {
  transcript: string;
  /** Code points; 0 if the transcript has no visible character. */
  chars: number;
  language: string | null;
  seconds: number;
  costUsd: number;
}

/**
 * Stores the transcript and ends the job, once, if the attempt holds it. A transcript that the owner has
 * written meanwhile stays. The uploaded file goes: the worker has stored the recording that it made of it.
 */
export async function completeTranscription(
  session: Session,
  ref: AttemptRef,
  { transcript, chars, language, seconds, costUsd }: Transcribed,
  nowMs: number,
): Promise<{ before: AttemptState; dreamId: string | null; uploadId: string | null }> {
  const isThis = sql`segments.job_id = ${ref.jobId} AND EXISTS (SELECT 1 FROM jobs WHERE ${holdsJob(ref)})`;
  const { before, segment } = await session.batch({
    nonce: takeNonce(ref.nonce, nowMs),
    before: selectState(ref),
    upload: noteUploadPurges(isThis, nowMs),
    segment: sql<{ id: string }>`
      UPDATE segments SET transcript = IIF(is_corrected, transcript, ${transcript}),
        heard = ${transcript}, chars = IIF(is_corrected, chars, ${chars}), language = ${language}, seconds = ${seconds}, updated_at = ${nowMs}
      WHERE ${isThis} RETURNING id`,
    end: endJobs(holdsJob(ref), { status: "transcribed", seconds, language, costUsd }, nowMs),
  });
  const state = firstOf(before);
  return { before: state, dreamId: state.dream_id, uploadId: segment[0]?.id ?? null };
}
