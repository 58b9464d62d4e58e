import { and, eq, type SQL, sql } from "drizzle-orm";
import { apiKeys, dreams, jobs } from "../../db/schema.ts";
import { isNamed } from "./dreams.ts";
import { isCaller } from "./keys.ts";
import { retryTransient, type Session } from "./open.ts";
import { pacesOfItsKind } from "./paces.ts";
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
  files: jobs.files,
  createdAt: jobs.createdAt,
  startedAt: jobs.startedAt,
  endedAt: jobs.endedAt,
};

const besides = {
  warnings: sql<string>`(
    SELECT json_group_array(data ->> '$.message')
    FROM (SELECT data FROM events WHERE job_id = ${jobs.id} AND type = 'job.warning' ORDER BY seq LIMIT 100)
  )`,
  /** When the attempt that is at it began. */
  attemptAt: sql<number | null>`(
    SELECT at FROM events WHERE job_id = ${jobs.id} AND attempt = ${jobs.attempt} AND n = 0)`,
  /** JSON of `EarlierFilm`, or null: there is none, or its files were removed. */
  earlierFilm: sql<string | null>`(
    SELECT json_object('jobId', done.id, 'attempt', done.attempt, 'seconds', done.duration_seconds)
    FROM jobs AS done WHERE done.dream_id = ${dreams.id} AND done.status = 'completed'
      AND done.files IS NOT NULL
    ORDER BY done.created_at DESC LIMIT 1)`,
  paces: pacesOfItsKind,
  line: lineAhead,
};

export interface EarlierFilm {
  jobId: string;
  attempt: number;
  seconds: number;
}

/**
 * How the dream's newest job stands, in one statement. Undefined: no such key. `dream` null: none of the caller's has
 * this id; `job` null: no video was asked for yet.
 */
export async function readStatus(session: Session, keyHash: string, clientId: string) {
  return retryTransient(() =>
    session.drizzle
      .select({ dream: dreamColumns, job: jobColumns, ...besides })
      .from(apiKeys)
      .leftJoin(dreams, isNamed(clientId))
      .leftJoin(jobs, eq(jobs.id, dreams.videoJobId))
      .where(isCaller(keyHash))
      .get(),
  );
}

export type StatusRow = NonNullable<Awaited<ReturnType<typeof readStatus>>>;

/** A dream by our own key, and the owner whose it must be. */
export interface OwnedDream {
  id: string;
  ownerId: string;
}

/** The same for a listener that was admitted already, and what else was asked of its newest job. Undefined: no such dream. */
export async function readStatusAnd<T>(session: Session, { id, ownerId }: OwnedDream, asked: SQL<T>) {
  return session.drizzle
    .select({ dream: dreamColumns, job: jobColumns, ...besides, asked: asked.as("asked") })
    .from(dreams)
    .leftJoin(jobs, eq(jobs.id, dreams.videoJobId))
    .where(and(eq(dreams.id, id), eq(dreams.ownerId, ownerId)))
    .get();
}
