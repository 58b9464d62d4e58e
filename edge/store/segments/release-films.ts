/** Films that wait for the segments of their dreams. */
import { sql } from "drizzle-orm";
import { limits } from "../../../contract/limits.ts";
import { ownersOf } from "../deliveries.ts";
import type { Session } from "../open.ts";
import { failedSegments, isBeingTold, recordingsOf, toldChars, toldText } from "../told-text.ts";
import { endJobs } from "../transitions/end-job.ts";

/** The dreams whose film changed, and the owners whose webhooks have a message about it. */
export interface ReleasedFilms {
  dreamIds: string[];
  owners: string[];
}

/** Films whose wait one call ends, if it is for all dreams. */
export const filmsPerRelease = 100;

/**
 * Ends the wait of films whose dreams have no running transcription: each gets the whole text and a message
 * that is due now, or fails if a segment has failed or the text cannot be filmed. Any number may run at once.
 *
 * @param dreamId the dream to look at; null: at most `filmsPerRelease` films of all dreams
 */
export async function releaseFilms(
  session: Session,
  dreamId: string | null,
  nowMs: number,
): Promise<ReleasedFilms> {
  const ofDream = dreamId === null ? sql`waiting.dream_id > ''` : sql`waiting.dream_id = ${dreamId}`;
  const isTold = sql`jobs.id IN (SELECT waiting.id FROM jobs AS waiting JOIN dreams ON dreams.id = waiting.dream_id
    WHERE waiting.is_waiting = 1 AND waiting.status = 'queued' AND ${ofDream} AND NOT ${isBeingTold}
    ORDER BY waiting.dream_id LIMIT ${filmsPerRelease})`;
  const ofJob = (value: typeof toldText) =>
    sql`(SELECT ${value} FROM dreams WHERE dreams.id = jobs.dream_id)`;
  const chars = ofJob(toldChars);
  const hasFailed = sql`${ofJob(failedSegments)} > 0`;
  const fail = (when: typeof hasFailed, code: string, message: string) =>
    endJobs(
      sql`jobs.is_waiting = 1 AND ${isTold} AND ${when}`,
      { status: "failed", code, message, isRetryable: true },
      nowMs,
    );
  const read = await session.batch({
    lost: fail(
      hasFailed,
      "segment.failed",
      "A part of the recording could not be transcribed. See the segments.",
    ),
    empty: fail(sql`${chars} = 0`, "dream.transcript_missing", "Nothing was heard in the recording."),
    long: fail(
      sql`${chars} > ${limits.transcriptChars}`,
      "dream.transcript_too_long",
      `The recording has more than ${limits.transcriptChars} characters of text. Shorten the segments.`,
    ),
    messages: sql`
      INSERT INTO outbox (job_id, priority, due_at, sends)
      SELECT jobs.id, jobs.priority, ${nowMs}, 0 FROM jobs WHERE jobs.is_waiting = 1 AND ${isTold}
      ON CONFLICT (job_id) DO UPDATE SET due_at = excluded.due_at`,
    released: sql<{ dream_id: string }>`
      UPDATE jobs SET is_waiting = 0, ready_at = ${nowMs}, input = (
        SELECT json_remove(json_set(json_replace(jobs.input, '$.recordings', json(${recordingsOf})), '$.transcript', ${toldText}, '$.at_most_micro_usd', CAST(
          (jobs.input ->> '$.until_told.microUsd') + (jobs.input ->> '$.until_told.microUsdPerByte')
            * LENGTH(CAST(json_quote(${toldText}) AS BLOB)) AS INTEGER)), '$.until_told')
        FROM dreams WHERE dreams.id = jobs.dream_id)
      WHERE jobs.is_waiting = 1 AND ${isTold} RETURNING dream_id`,
  });
  const failed = [read.lost, read.empty, read.long];
  return {
    dreamIds: [...read.released, ...failed.flatMap(({ jobs }) => jobs)].map(({ dream_id }) => dream_id),
    owners: failed.flatMap(({ deliveries }) => ownersOf(deliveries ?? [])),
  };
}
