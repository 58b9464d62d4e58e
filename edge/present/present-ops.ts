/** Rows as operators read them: ISO times, dollars, and a job's log as attempts and scenes. */

import { jobCodes, quotingCodes } from "../../contract/job-codes.ts";
import type { OpsJob, OpsTimeline, OpsWorker } from "../../contract/ops.ts";
import { EndingModels } from "../../contract/worker-heartbeat.ts";
import type { OpsJobRow, readStory, StoryRow, WorkerRow } from "../store/ops.ts";
import { presentHold } from "./present-hold.ts";

type Story = NonNullable<Awaited<ReturnType<typeof readStory>>>;

/** A machine of the pool as operators read it. */
export const presentWorker = (row: WorkerRow, nowMs: number): OpsWorker => ({
  id: row.id,
  region: row.region,
  version: row.version,
  slots: row.slots,
  active_jobs: row.active_jobs,
  state: row.gone_at > nowMs ? "up" : "silent",
  started_at: isoTime(row.started_at),
  seen_at: isoTime(row.seen_at),
  queue_fault: row.queue_fault,
  ending_models: EndingModels.catch([]).parse(JSON.parse(row.ending_models ?? "[]")),
});

/** A job as operators read it in lists. */
export const presentOpsJob = (row: OpsJobRow): OpsJob => ({
  id: row.id,
  dream_id: row.client_id,
  owner: row.owner_id,
  kind: row.kind,
  status: row.status,
  priority: row.priority,
  stage: row.stage,
  progress: row.progress,
  attempt: row.attempt,
  failed_attempts: row.failed_attempts,
  worker_id: row.worker_id,
  scenes: { total: row.scenes_total, ready: row.scenes_ready },
  cost_usd: row.cost_micro_usd / 1e6,
  error:
    row.error_code === null
      ? null
      : {
          code: row.error_code,
          message: messageOf(row.error_code, row.error_message),
          retryable: row.error_retryable === 1,
        },
  redo_of: row.redo_of,
  replaced_by: row.replaced_by,
  held: presentHold(row.hold),
  trace_id: row.traceparent?.split("-")[1] ?? null,
  lease_expires_at: maybeTime(row.lease_expires_at),
  created_at: isoTime(row.created_at),
  started_at: maybeTime(row.started_at),
  playable_at: maybeTime(row.playable_at),
  ended_at: maybeTime(row.ended_at),
});

/** An error's message for operators, who read no words that the owner has typed. */
const messageOf = (code: string, message: unknown) =>
  quotingCodes.has(code) ? (jobCodes.get(code)?.title ?? "") : String(message ?? "");

function readData(json: string): Record<string, unknown> {
  const data = JSON.parse(json) as Record<string, unknown>;
  return typeof data.code === "string" && "message" in data
    ? { ...data, message: messageOf(data.code, data.message) }
    : data;
}

/** A job's whole history as operators read it. */
export function presentStory({ job, events, costs, webhooks }: Story): OpsTimeline {
  const log = events.map((event) => ({ ...event, data: readData(event.data) }));
  return {
    job: presentOpsJob(job),
    events: log.map(({ seq, at, attempt, type, data }) => ({ seq, at: isoTime(at), attempt, type, data })),
    attempts: listAttempts(log),
    scenes: listScenes(log, costs),
    costs: costs.map(
      ({ capability, scene, model, state, tries, cost_micro_usd, is_estimated, created_at }) => ({
        for: capability,
        scene,
        model,
        state,
        tries,
        cost_usd: cost_micro_usd === null ? null : cost_micro_usd / 1e6,
        estimated: is_estimated === 1,
        at: isoTime(created_at),
      }),
    ),
    webhooks,
  };
}

type Event = Omit<StoryRow, "data"> & { data: Record<string, unknown> };

function listAttempts(log: readonly Event[]): OpsTimeline["attempts"] {
  const attempts = log.filter(({ type }) => type === "job.started");
  return attempts.map(({ attempt, at, data }) => {
    const end = log.find(
      (event) => event.attempt === attempt && /^job\.(retrying|completed|failed|cancelled)$/.test(event.type),
    );
    return {
      attempt,
      worker_id: typeof data.worker_id === "string" ? data.worker_id : null,
      started_at: isoTime(at),
      ended_at: end ? isoTime(end.at) : null,
      outcome: end ? String(end.data.reason ?? end.data.code ?? end.type) : null,
    };
  });
}

function listScenes(log: readonly Event[], costs: Story["costs"]): OpsTimeline["scenes"] {
  const numbers = log.flatMap(({ type, data }) => (/^scene\./.test(type) ? [Number(data.scene)] : []));
  return [...new Set(numbers)]
    .sort((a, b) => a - b)
    .map((scene) => {
      const own = log.filter(({ type, data }) => /^scene\./.test(type) && Number(data.scene) === scene);
      const last = (type: string) => maybeTime(own.findLast((event) => event.type === type)?.at ?? null);
      const spent = costs.filter((cost) => cost.scene === scene);
      return {
        scene,
        picture_at: last("scene.picture"),
        voice_at: last("scene.voice"),
        ready_at: last("scene.ready"),
        reused: new Set(own.filter(({ data }) => data.reused === true).map(({ type }) => type)).size,
        cost_usd: spent.reduce((sum, { cost_micro_usd }) => sum + (cost_micro_usd ?? 0), 0) / 1e6,
      };
    });
}

const isoTime = (atMs: number) => new Date(atMs).toISOString();
const maybeTime = (atMs: number | null) => (atMs === null ? null : isoTime(atMs));
