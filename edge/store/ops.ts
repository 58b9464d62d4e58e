/** What operators look up: jobs by a filter, one job's history, the machines. */
import { type SQL, sql } from "drizzle-orm";
import type { Priority } from "../../contract/film.ts";
import type { JobStatus, Stage } from "../../contract/job.ts";
import type { JobKind } from "../../contract/job-kind.ts";
import type { OpsJobFilter } from "../../contract/ops.ts";
import { holdOfJob } from "./holds.ts";
import type { Session } from "./open.ts";
import { goneAt } from "./workers.ts";

/** Jobs that one page reads if no index fits the filter. */
const mostLookedAt = 2_000;
const mostEvents = 2_000;

export interface OpsJobRow {
  id: string;
  /** The edge's own key of the dream. */
  dream_id: string;
  /** The dream's id that its owner knows. */
  client_id: string;
  owner_id: string;
  kind: JobKind;
  status: JobStatus;
  priority: Priority;
  stage: Stage;
  progress: number;
  attempt: number;
  failed_attempts: number;
  worker_id: string | null;
  scenes_total: number | null;
  scenes_ready: number;
  cost_micro_usd: number;
  error_code: string | null;
  error_message: string | null;
  error_retryable: number | null;
  redo_of: string | null;
  replaced_by: string | null;
  /** JSON of `{code, since}`: the hold that a queued job waits for. */
  hold: string | null;
  traceparent: string | null;
  lease_expires_at: number | null;
  created_at: number;
  started_at: number | null;
  playable_at: number | null;
  ended_at: number | null;
}

/** SQL condition over `jobs`: the film was requested again. */
export const isReplaced = sql`(jobs.kind = 'film' AND jobs.status IN ('failed', 'cancelled') AND EXISTS (
  SELECT 1 FROM dreams WHERE dreams.id = jobs.dream_id AND dreams.video_job_id <> jobs.id))`;

const replacedBy = sql`IIF(${isReplaced},
  (SELECT video_job_id FROM dreams WHERE dreams.id = jobs.dream_id), NULL)`;

const shown = sql`id, dream_id, owner_id, kind, status, priority, stage, progress, attempt, failed_attempts, worker_id,
  scenes_total, scenes_ready, cost_micro_usd, error_code, error_message, error_retryable,
  input ->> '$.redo_of' AS redo_of, ${replacedBy} AS replaced_by, ${holdOfJob} AS hold, traceparent, lease_expires_at, created_at, started_at, playable_at, ended_at`;

const clientId = sql`(SELECT client_id FROM dreams WHERE dreams.id = dream_id) AS client_id`;

/**
 * A page of jobs, newest first, and where the next begins; null at the end. It reads a bounded number of
 * jobs.
 */
export async function listOpsJobs(
  session: Session,
  { status, priority, owner, error_code, cursor, limit }: OpsJobFilter,
): Promise<{ rows: OpsJobRow[]; next: string | null }> {
  const before = cursor === undefined ? sql`id > ''` : sql`id < ${cursor}`;
  const window = sql`FROM jobs WHERE ${indexed(status, owner)} AND ${before} ORDER BY id DESC`;
  const { rows, last } = await session.batch({
    rows: sql<OpsJobRow>`
      SELECT *, ${clientId} FROM (SELECT ${shown} ${window} LIMIT ${mostLookedAt})
      WHERE ${fits(sql`status`, status)} AND ${fits(sql`priority`, priority)} AND ${fits(sql`error_code`, error_code)}
      LIMIT ${limit}`,
    last: sql<{ id: string }>`SELECT id ${window} LIMIT 1 OFFSET ${mostLookedAt - 1}`,
  });
  const next = rows.length === limit ? rows.at(-1)?.id : last[0]?.id;
  return { rows, next: next ?? null };
}

const fits = (column: SQL, wanted: string | undefined) =>
  wanted === undefined ? sql`TRUE` : sql`${column} = ${wanted}`;

/** The part of the filter that an index serves; the rest is filtered row by row. */
function indexed(status: JobStatus | undefined, owner: string | undefined): SQL {
  if (owner !== undefined) return sql`owner_id = ${owner}`;
  if (status !== "failed" && status !== "cancelled") return sql`TRUE`;
  return sql`status IN ('failed', 'cancelled') AND status = ${status}`;
}

export interface StoryRow {
  seq: number;
  at: number;
  attempt: number;
  type: string;
  data: string;
}

/** The history of the job, without what users wrote. Undefined: there is no such job. */
export async function readStory(session: Session, jobId: string) {
  const { jobs, ...story } = await session.batch({
    jobs: sql<OpsJobRow>`SELECT ${shown}, ${clientId} FROM jobs WHERE id = ${jobId}`,
    events: sql<StoryRow>`
      SELECT seq, at, attempt, type, CASE type
        WHEN 'job.storyboard' THEN json_object('scenes', json_array_length(data, '$.scenes'))
        ELSE data END AS data
      FROM events WHERE job_id = ${jobId} ORDER BY seq LIMIT ${mostEvents}`,
    costs: sql<{
      id: number;
      capability: string;
      scene: number | null;
      model: string;
      state: string;
      tries: number;
      cost_micro_usd: number | null;
      is_estimated: number;
      created_at: number;
    }>`
      SELECT id, capability, scene, model, state, tries, created_at,
        IIF(state = 'unknown', counted_micro_usd, cost_micro_usd) AS cost_micro_usd,
        IIF(state = 'unknown', 1, is_estimated) AS is_estimated
      FROM charges WHERE job_id = ${jobId} LIMIT 500`,
    webhooks: sql<{ id: string; type: string; status: string; attempts: number; error: string | null }>`
      SELECT id, type, status, attempts, error FROM deliveries WHERE job_id = ${jobId} LIMIT 100`,
  });
  const [job] = jobs;
  // Few rows, which no index gives in the order of the purchases.
  story.costs.sort((a, b) => a.id - b.id);
  return job && { job, ...story };
}

export interface WorkerRow {
  id: string;
  region: string;
  version: string;
  slots: number;
  active_jobs: number;
  started_at: number;
  seen_at: number;
  gone_at: number;
  ending_models: string | null;
  queue_fault: string | null;
}

/** The machines of the last day, newest heartbeat first, with the number of jobs that each holds. */
export async function listWorkers(session: Session): Promise<WorkerRow[]> {
  const { workers, held } = await session.batch({
    workers: sql<Omit<WorkerRow, "active_jobs">>`
      SELECT id, region, version, slots, started_at, seen_at, ${goneAt} AS gone_at, ending_models, queue_fault FROM workers
      WHERE seen_at > 0 ORDER BY seen_at DESC LIMIT 500`,
    held: sql<{ worker_id: string | null }>`
      SELECT worker_id FROM jobs WHERE status = 'processing' AND lease_expires_at > 0 LIMIT 5000`,
  });
  const counts = new Map<string | null, number>();
  for (const { worker_id } of held) counts.set(worker_id, (counts.get(worker_id) ?? 0) + 1);
  return workers.map((worker) => ({ ...worker, active_jobs: counts.get(worker.id) ?? 0 }));
}
