/** Processes of quick workers for a cloud, and clients that request films. */
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Dream } from "../../contract/dream.ts";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import { type ProcessGroup, startGroup } from "../../local/process-group.ts";
import { root } from "../../local/root.ts";
import { untilReady } from "../../local/until-ready.ts";
import { uncompressed } from "../../render-worker/clients/transfer/bounded-fetch.ts";
import type { Cloud } from "../chaos/cloud.ts";
import { workerEnvironment } from "../chaos/worker-environment.ts";
import { until } from "../until.ts";

export interface QuickWorker {
  port: number;
  slots: number;
  filmMs: number;
  /** 0 or absent: never. */
  idleExitSeconds?: number;
}

/** Returns once the worker serves. Its log is `worker-{port}.log`. */
export async function startQuickWorker(cloud: Cloud, worker: QuickWorker): Promise<ProcessGroup> {
  const group = startGroup(
    `worker-${worker.port}`,
    [process.execPath, join("tests", "pool", "quick-worker.ts")],
    {
      cwd: root,
      logPath: join(cloud.logDir, `worker-${worker.port}.log`),
      env: {
        PATH: process.env.PATH,
        ...workerEnvironment(cloud, String(worker.port)),
        NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
        WORKER_ID: `worker-${worker.port}`,
        PORT: String(worker.port),
        METRICS_PORT: String(worker.port),
        WORKER_CONCURRENCY: String(worker.slots),
        QUICK_FILM_MS: String(worker.filmMs),
        IDLE_EXIT_SECONDS: String(worker.idleExitSeconds ?? 0),
        OPENAI_API_KEY: "unused",
      },
    },
  );
  await untilReady(group, `http://127.0.0.1:${worker.port}/ready`, cloud.logDir);
  return group;
}

export interface Film {
  key: string;
  dream: string;
}

/** Requests the film of a new dream. */
export async function askForFilm(
  cloud: Cloud,
  key: string,
  priority: "standard" | "premium" = "standard",
): Promise<Film> {
  const film = await writeDream(cloud, key);
  await finishDream(cloud, film, priority);
  return film;
}

export async function writeDream(cloud: Cloud, key: string): Promise<Film> {
  const dream = `dream-${randomUUID()}`;
  await ask<Dream>(cloud, key, "POST", "/dreams", { id: dream, transcript: "A lantern swam over the sea." });
  return { key, dream };
}

export const finishDream = (cloud: Cloud, { key, dream }: Film, priority = "standard") =>
  ask<VideoQueued>(cloud, key, "POST", `/dreams/${dream}/finish`, { priority });

export const statusOf = (cloud: Cloud, { key, dream }: Film) =>
  ask<VideoStatus>(cloud, key, "GET", `/dreams/${dream}/video-status`);

/** Every film's status, once all of them are completed. @throws Error after `seconds`, or if one failed */
export async function untilCompleted(
  cloud: Cloud,
  films: readonly Film[],
  seconds: number,
): Promise<VideoStatus[]> {
  const startMs = performance.now();
  const statuses: VideoStatus[] = [];
  for (const film of films) {
    const leftMs = startMs + seconds * 1000 - performance.now();
    const status = await until(
      () => statusOf(cloud, film),
      ({ status }) => status !== "queued" && status !== "processing",
      leftMs,
    );
    if (status.status !== "completed") throw new Error(`${status.job_id}: ${status.error?.code}`);
    statuses.push(status);
  }
  return statuses;
}

/** The time from finish to the first claim by the edge's clock, in milliseconds. */
export const waitMs = ({ created_at, started_at }: VideoStatus) =>
  Date.parse(started_at ?? "") - Date.parse(created_at ?? "");

async function ask<T>(cloud: Cloud, key: string, method: string, path: string, body?: unknown): Promise<T> {
  const response = await fetch(new URL(path, cloud.edgeUrl), {
    method,
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...uncompressed },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
