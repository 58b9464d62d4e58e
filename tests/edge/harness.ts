/** A real edge and what its clients and workers ask of it. Tests move the time by backdating rows. */
import { randomUUID } from "node:crypto";
import type { PauseReport } from "../../contract/approval.ts";
import type { ClaimAnswer } from "../../contract/claim.ts";
import type { VideoComplete } from "../../contract/completion.ts";
import type { Dream } from "../../contract/dream.ts";
import type { VideoQueued, VideoStatus } from "../../contract/job.ts";
import type { Problem } from "../../contract/problem.ts";
import type { ProgressReport } from "../../contract/report.ts";
import { numberMessages, signMessage } from "../../contract/signature.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { openRuntime, type RuntimeOptions, secrets } from "./edge-runtime.ts";

export { secrets };

/** An answer's body, or a problem. */
export type OrProblem<T> = T & Omit<Problem, keyof T>;

/** An answer with its body. `json`: the parsed body if it is JSON. */
export interface Answer<T = unknown> {
  status: number;
  headers: Headers;
  json: T;
  text: string;
}

export type Edge = Awaited<ReturnType<typeof startEdge>>;

/**
 * An edge with empty tables. `overrides`: of its variables and secrets. An edge with overrides or options
 * gets processes of its own, which `close` ends.
 */
export async function startEdge(overrides: Record<string, string> = {}, options: RuntimeOptions = {}) {
  const runtime = await openRuntime(overrides, options);
  const { url, d1, media, logs, close, migrate, sweep } = runtime;

  async function call<T = unknown>(
    method: string,
    path: string,
    options: CallOptions = {},
  ): Promise<Answer<T>> {
    const { key, body, headers = {} } = options;
    const raw = typeof body === "string" || body instanceof ReadableStream || body === undefined;
    const response = await runtime.fetch(new URL(path, url).href, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: raw ? (body as string) : JSON.stringify(body) }),
      ...(body instanceof ReadableStream ? { duplex: "half" } : {}),
      redirect: "manual",
    } as Parameters<typeof runtime.fetch>[1]);
    const text = await response.text();
    const isJson = text !== "" && /json/.test(response.headers.get("content-type") ?? "");
    const json = isJson ? JSON.parse(text) : undefined;
    return {
      status: response.status,
      headers: new Headers(Object.fromEntries(response.headers)),
      json,
      text,
    };
  }

  const nextId = numberMessages(randomUUID());

  /** A signed call, as from a render worker. */
  function report<T = unknown>(path: string, body: unknown, signing: Signing = {}): Promise<Answer<T>> {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const secret = signing.secret ?? (secrets.CALLBACK_SECRETS.split(" ")[0] as string);
    const id = signing.id ?? nextId();
    const atSeconds = signing.atSeconds ?? Math.floor(Date.now() / 1000);
    return call<T>("POST", path, { body: text, headers: { ...signMessage(secret, id, atSeconds, text) } });
  }

  const sql = async <T = Record<string, unknown>>(text: string, ...values: unknown[]): Promise<T[]> =>
    (
      await d1
        .prepare(text)
        .bind(...values)
        .all<T>()
    ).results;

  return {
    ...{ url, d1, media, sql, call, report, logs, close, migrate, sweep },

    /** The messages about these jobs that the edge has sent to the queues so far, in the order of arrival. */
    async messages(...jobIds: string[]): Promise<{ queue: string; job_id: string }[]> {
      const taken = (await runtime.messages()) as { queue: string; body: { v: 1; job_id: string } }[];
      return taken
        .filter(({ body }) => jobIds.includes(body.job_id))
        .map(({ queue, body }) => ({ queue, job_id: body.job_id }));
    },

    /** Lets the queue give up on a message with this body. */
    async giveUp(body: string, contentType: "json" | "text" | "bytes" = "json"): Promise<void> {
      await runtime.giveUp(body, contentType);
    },

    async newKey(owner = `owner-${randomUUID()}`, tier: "standard" | "premium" = "standard") {
      const answer = await call<{ id: string; key: string }>("POST", "/admin/keys", {
        key: secrets.ADMIN_KEY,
        body: { owner, tier },
      });
      return answer.json;
    },

    async newDream(key: string, transcript = "I flew over a silver sea."): Promise<string> {
      const answer = await call<Dream>("POST", "/dreams", { key, body: { title: "Sea", transcript } });
      return answer.json.id;
    },

    async newJob(key: string, options: object = {}, transcript?: string): Promise<Job> {
      const did = await this.newDream(key, transcript);
      const answer = await call<VideoQueued>("POST", `/dreams/${did}/finish`, { key, body: options });
      return this.jobOf(key, did, answer.json.job_id);
    },

    /** The job of this id, with the edge's own key of its dream. */
    async jobOf(key: string, did: string, id: string): Promise<Job> {
      const [row] = await sql<{ dream_id: string }>("SELECT dream_id FROM jobs WHERE id = ?", id);
      return { key, did, id, dreamId: row?.dream_id ?? "" };
    },

    claim: (
      job: Pick<Job, "id">,
      claim: { claim_id?: string; worker_id?: string; queue?: "standard" | "premium" | null } = {},
    ) =>
      report<OrProblem<ClaimAnswer>>(`/internal/jobs/${job.id}/claim`, {
        job_id: job.id,
        claim_id: randomUUID(),
        worker_id: "worker-1",
        ...claim,
      }),

    progress: (job: Pick<Job, "id">, attempt: number, fields: Partial<ProgressReport> = {}) =>
      report<OrProblem<{ lease_ms: number }>>(`/internal/jobs/${job.id}/progress`, {
        job_id: job.id,
        attempt,
        stage: "scenes",
        progress: 10,
        scenes_total: 3,
        scenes_ready: 0,
        cost_usd: 0,
        events: [],
        ...fields,
      }),

    release: (job: Pick<Job, "id">, attempt: number, fields: object = {}) =>
      report<Problem>(`/internal/jobs/${job.id}/release`, {
        job_id: job.id,
        attempt,
        reason: "shutdown",
        code: "worker.shutdown",
        message: "the machine stops",
        delay_seconds: 0,
        ...fields,
      }),

    pause: (job: Pick<Job, "id">, attempt: number, fields: Partial<PauseReport> = {}) =>
      report<OrProblem<{ applied: boolean }>>(`/internal/jobs/${job.id}/pause`, {
        job_id: job.id,
        attempt,
        at: "storyboard",
        storyboard: aStoryboard,
        ...fields,
      }),

    approve: (
      job: Pick<Job, "did" | "key">,
      revision: number,
      headers: Record<string, string> = {},
    ): Promise<Answer<OrProblem<VideoQueued>>> =>
      call("POST", `/dreams/${job.did}/approve`, { key: job.key, body: { revision }, headers }),

    putFilm: (job: Job, attempt: number, bytes: string = "film bytes") =>
      media.put(filmKey(job.dreamId, job.id, attempt, "film.mp4"), bytes),

    complete: (job: Job, attempt: number, fields: Partial<VideoComplete> = {}, signing: Signing = {}) =>
      report<OrProblem<{ status: "ok"; applied: boolean; held?: boolean }>>(
        `/dreams/${job.dreamId}/video-complete`,
        {
          job_id: job.id,
          attempt,
          status: "completed",
          video_url: filmUrl(url.href, job.dreamId, job.id, attempt),
          metadata: { duration: 30.5, scenes: 3, cost: 0.0421, timings: { storyboard: 1.5 } },
          error: null,
          ...fields,
        },
        signing,
      ),

    /** Makes the film of a new dream, from request to completion. */
    async newFilm(key: string, bytes?: string): Promise<Job> {
      const job = await this.newJob(key);
      await this.claim(job);
      await this.putFilm(job, 1, bytes);
      await this.complete(job, 1, { files: { poster: true, captions: true } });
      return job;
    },

    status: async (job: Job): Promise<VideoStatus> =>
      (await call<VideoStatus>("GET", `/dreams/${job.did}/video-status`, { key: job.key })).json,

    /** The job's log: types in order, after checking that `seq` counts from 1 without holes. */
    async log(job: Pick<Job, "id">): Promise<string[]> {
      const rows = await sql<{ seq: number; type: string }>(
        "SELECT seq, type FROM events WHERE job_id = ? ORDER BY seq",
        job.id,
      );
      const holes = rows.filter(({ seq }, place) => seq !== place + 1);
      if (holes.length > 0) throw new Error(`the log of ${job.id} has holes: ${JSON.stringify(rows)}`);
      return rows.map(({ type }) => type);
    },

    /** The job's row, by the names of its columns. */
    row: async (job: Pick<Job, "id">) =>
      (await sql<Record<string, number | string | null>>("SELECT * FROM jobs WHERE id = ?", job.id))[0],

    /**
     * Lengthens the job's lease to an hour, until its next report: a slow machine takes longer than the usual
     * one.
     */
    prolong: (job: Pick<Job, "id">) =>
      sql("UPDATE jobs SET lease_expires_at = ? WHERE id = ?", Date.now() + 3_600_000, job.id),

    /** Makes the job's lease lapsed. */
    lapse: (job: Pick<Job, "id">) =>
      sql("UPDATE jobs SET lease_expires_at = ? WHERE id = ?", Date.now() - 1, job.id),

    /**
     * Sets the alarm that ends leases to `atMs`, unless it is earlier. A claim sets it to the end of its
     * lease.
     */
    lookAtLeases: (atMs: number) => runtime.lookAtLeases(atMs),
  };
}

/** What a worker pauses with. */
export const aStoryboard = {
  title: "The sea",
  language: "en",
  scenes: ["I flew over a silver sea.", "A town was lit below.", "A girl waved at me."].map((words) => ({
    narration: words,
    picture: `A picture: ${words}`,
    picture_take: 0,
    voice_take: 0,
  })),
};

export interface Job {
  key: string;
  /** The dream's id as its owner knows it. */
  did: string;
  id: string;
  /** The edge's own key of the dream: what workers, R2 and all other tables name it by. */
  dreamId: string;
}

interface CallOptions {
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Signing {
  secret?: string;
  id?: string;
  atSeconds?: number;
}

/** Runs `work` `times` times at once. */
export const atOnce = <T>(times: number, work: (index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)));

/** How often each value occurs. */
export function tally(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
