import { type SQL, sql } from "drizzle-orm";
import { dreams, jobs } from "../../db/schema.ts";
import { dreamOf } from "./dreams.ts";
import { holdOfJob } from "./holds.ts";
import { isCaller } from "./keys.ts";
import type { Session } from "./open.ts";
import { named } from "./rows.ts";
import { timingsOfItsKind } from "./stage-timings.ts";
import { lineAhead } from "./turns.ts";

const dreamColumns = {
  id: dreams.id,
  clientId: dreams.clientId,
  ownerId: dreams.ownerId,
  videoUrl: dreams.videoUrl,
  videoMetadata: dreams.videoMetadata,
};

const jobColumns = {
  id: jobs.id,
  status: jobs.status,
  priority: jobs.priority,
  stage: jobs.stage,
  progress: jobs.progress,
  attempt: jobs.attempt,
  scenesTotal: jobs.scenesTotal,
  scenesReady: jobs.scenesReady,
  costMicroUsd: jobs.costMicroUsd,
  durationSeconds: jobs.durationSeconds,
  errorCode: jobs.errorCode,
  errorMessage: jobs.errorMessage,
  errorRetryable: jobs.errorRetryable,
  errorPassage: jobs.errorPassage,
  files: jobs.files,
  createdAt: jobs.createdAt,
  startedAt: jobs.startedAt,
  endedAt: jobs.endedAt,
  pausePoint: jobs.pausePoint,
  revision: jobs.revision,
  expiresAt: jobs.expiresAt,
  approvedAt: jobs.approvedAt,
};

interface DreamRow extends Pick<typeof dreams.$inferSelect, keyof typeof dreamColumns> {
  /** JSON of `EarlierFilm`; null if there is none or its files were removed. */
  earlierFilm: string | null;
}

interface JobRow extends Omit<Pick<typeof jobs.$inferSelect, keyof typeof jobColumns>, "errorRetryable"> {
  /** 0 or 1. */
  errorRetryable: number | null;
  /** JSON of the messages. */
  warnings: string;
  /** The scene that a redo changes. */
  redoScene: number | null;
  /** 1: a film that was not made, whose owner has changed its storyboard. */
  isEdited: number;
  /** The dream's transcript, if `errorPassage` is a place in it. */
  quotedTranscript: string | null;
  /** JSON of the film's options. */
  options: string | null;
  /** When the current attempt began. */
  attemptAt: number | null;
  /** JSON of `StageTimings[]`; null if the job has ended. */
  timings: string | null;
  line: string | null;
  /** JSON of `{code, since}`: the hold that a queued job waits for. */
  hold: string | null;
}

/** The dream that `id` (an SQL value) names. */
const selectDream = (id: SQL) => sql<DreamRow>`
  SELECT ${named(dreamColumns)}, (
    SELECT json_object('jobId', done.id, 'attempt', done.attempt, 'seconds', done.duration_seconds)
    FROM jobs AS done WHERE done.dream_id = dreams.id AND done.kind = 'film' AND done.status = 'completed' AND done.files IS NOT NULL
    ORDER BY done.created_at DESC LIMIT 1) AS "earlierFilm"
  FROM dreams WHERE dreams.id = ${id}`;

/** The newest job of the dream that `id` (an SQL value) names. */
const selectJob = (id: SQL) => sql<JobRow>`
  SELECT ${named(jobColumns)}, (
      SELECT json_group_array(data ->> '$.message')
      FROM (SELECT data FROM events WHERE job_id = jobs.id AND type = 'job.warning' ORDER BY seq LIMIT 100)
    ) AS warnings, input -> '$.options' AS options, input ->> '$.redo_scene' AS "redoScene",
    IIF(status IN ('completed', 'failed', 'cancelled', 'expired'),
      (revision > 1 OR COALESCE(input ->> '$.is_edited', 0)) AND input ->> '$.storyboard' IS NOT NULL, 0) AS "isEdited",
    IIF(error_passage IS NULL, NULL,
      (SELECT transcript FROM dreams WHERE dreams.id = jobs.dream_id)) AS "quotedTranscript",
    (SELECT at FROM events WHERE job_id = jobs.id AND attempt = jobs.attempt AND n = 0) AS "attemptAt",
    ${timingsOfItsKind} AS timings, ${lineAhead} AS line, ${holdOfJob} AS hold
  FROM jobs WHERE jobs.id = (SELECT video_job_id FROM dreams WHERE dreams.id = ${id})`;

export interface EarlierFilm {
  jobId: string;
  attempt: number;
  seconds: number;
}

/** `dream` null: the caller has no dream of this id. `job` null: no video was requested yet. */
export interface StatusRow {
  dream: DreamRow | null;
  job: JobRow | null;
}

/** The status of the dream's newest job. Undefined: the key is unknown. */
export async function readStatus(
  session: Session,
  keyHash: string,
  clientId: string,
): Promise<StatusRow | undefined> {
  const id = dreamOf(keyHash, clientId);
  const { caller, dream, job } = await session.batch({
    caller: sql`SELECT 1 FROM api_keys WHERE ${isCaller(keyHash)}`,
    dream: selectDream(id),
    job: selectJob(id),
  });
  return caller.length === 0 ? undefined : { dream: dream[0] ?? null, job: job[0] ?? null };
}

/** A dream by the edge's own key, and its owner. */
export interface OwnedDream {
  id: string;
  ownerId: string;
}

/** SQL value: the dream's id, or NULL if it is deleted or another owner's. */
export const ownedDream = ({ id, ownerId }: OwnedDream) =>
  sql`(SELECT dreams.id FROM dreams WHERE dreams.id = ${id} AND dreams.owner_id = ${ownerId})`;

/** The statements that read a dream's status for a caller that is already admitted. */
export const selectStatus = (dream: OwnedDream) => ({
  dream: selectDream(ownedDream(dream)),
  job: selectJob(ownedDream(dream)),
});
