/**
 * The edge's own code in this process over the D1 and R2 of a real edge, so that trips to D1 can be counted
 * and lost.
 */
import { randomUUID } from "node:crypto";
import { numberMessages, signMessage } from "../../contract/signature.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { buildApp } from "../../edge/app.ts";
import type { Env } from "../../edge/env.ts";
import { realPorts } from "../../edge/ports.ts";
import type { RuntimeOptions } from "./edge-runtime.ts";
import { secrets, startEdge } from "./harness.ts";
import { watchD1 } from "./watched-d1.ts";

const origin = "https://edge.example";

/** Does the work; a test may count the trips that it takes. */
export type Count = <T>(name: string, work: () => Promise<T>) => Promise<T>;

/** `options`: of the processes behind it. `fresh`: `close` ends them. */
export async function startEdgeInProcess(options: RuntimeOptions = {}) {
  const edge = await startEdge({}, options);
  const watched = watchD1(edge.d1);
  const queue = { send: async () => {}, sendBatch: async () => {} } as unknown as Queue;
  const env = {
    DB: watched.d1,
    MEDIA: edge.media,
    VIDEO_STANDARD: queue,
    VIDEO_PREMIUM: queue,
    STREAM_COUNTS: { getByName: () => ({ recheck: async () => {} }) },
    CHANNELS: { getByName: () => ({ notify: async () => {} }) },
    WEBHOOK_SENDERS: { getByName: () => ({ notify: async () => {} }) },
    ...secrets,
    ...{ RATE_LIMITS: "off", WEBHOOKS_ALLOW_PRIVATE: "1", ACTIVE_JOBS: "1000 1000" },
    ...{ S3_ENDPOINT: "https://s3.example", S3_ACCESS_KEY_ID: "id", S3_SECRET_ACCESS_KEY: "secret" },
    ...{ FILM_KEEP_DAYS: "1", LOG_KEEP_DAYS: "1", ASSET_KEEP_DAYS: "1" },
  } as unknown as Env;
  const key = (await edge.newKey()).key;

  const app = buildApp(realPorts);
  const deferred: Promise<unknown>[] = [];
  const context = {
    waitUntil: (work: Promise<unknown>) => void deferred.push(work),
    passThroughOnException() {},
  } as unknown as ExecutionContext;

  async function ask(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
    asEnv: Env = env,
  ) {
    const text =
      body === undefined ? null : body instanceof Uint8Array ? Buffer.from(body) : JSON.stringify(body);
    const request = new Request(new URL(path, origin), {
      method,
      body: text,
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json", ...headers },
    });
    const response = await app.fetch(request, asEnv, context);
    await Promise.all(deferred.splice(0));
    const answer = await response.text();
    const { status, headers: answered } = response;
    return { status, headers: answered, json: answer === "" ? null : JSON.parse(answer) };
  }

  const nextId = numberMessages(randomUUID());
  function report(path: string, body: unknown) {
    const secret = secrets.CALLBACK_SECRETS.split(" ")[0] as string;
    const signed = signMessage(secret, nextId(), Math.floor(Date.now() / 1000), JSON.stringify(body));
    return ask("POST", path, body, { ...signed });
  }

  const claim = (jobId: string, claimId: string = randomUUID()) =>
    report(`/internal/jobs/${jobId}/claim`, { job_id: jobId, claim_id: claimId, worker_id: "w" });
  const progress = (jobId: string, attempt: number) =>
    report(`/internal/jobs/${jobId}/progress`, {
      job_id: jobId,
      attempt,
      stage: "scenes",
      progress: 30,
      scenes_total: 2,
      scenes_ready: 1,
      cost_usd: 0.01,
      charges: [{ fingerprint: charge, outcome: "paid", cost_micro_usd: 1 }],
      events: [1, 2, 3].map((n) => ({
        n,
        event: { type: "scene.voice", data: { scene: n, seconds: 1, reused: false } },
      })),
    });
  const charge = "0".repeat(64);
  const charges = (jobId: string, attempt: number) =>
    report(`/internal/jobs/${jobId}/charges`, {
      job_id: jobId,
      attempt,
      settle: [{ fingerprint: charge, outcome: "found" }],
      reserve: [
        {
          fingerprint: charge,
          capability: "text",
          scene: null,
          model: "m",
          ceiling_micro_usd: 1,
          gone: true,
        },
      ],
      send: [charge],
    });
  const release = (jobId: string, attempt: number) =>
    report(`/internal/jobs/${jobId}/release`, {
      job_id: jobId,
      attempt,
      reason: "error",
      code: "c",
      message: "m",
      delay_seconds: 0,
    });
  const completion = (did: string, jobId: string, attempt: number) => ({
    job_id: jobId,
    attempt,
    status: "completed",
    video_url: filmUrl(origin, did, jobId, attempt),
    metadata: { duration: 1, scenes: 2, cost: 0.02 },
    error: null,
  });
  const putFilm = (did: string, jobId: string, attempt: number) =>
    edge.media.put(filmKey(did, jobId, attempt, "film.mp4"), "film");

  /** Announces a segment and puts its file into the store. Gives its key. */
  async function announce(did: string, id: string, count: Count = (_, work) => work()): Promise<string> {
    const file = { segment_id: id, content_type: "audio/wav", content_length: 4 };
    const { json } = await count("announce a segment", () => ask("POST", `/dreams/${did}/upload-url`, file));
    await edge.media.put(json.key, "wave", { httpMetadata: { contentType: "audio/wav" } });
    return json.key;
  }
  const postSegment = (did: string, id: string, order: number, uploaded: string) =>
    ask("POST", `/dreams/${did}/segments`, { segment_id: id, order, key: uploaded });
  const transcribed = (jobId: string) =>
    report(`/internal/jobs/${jobId}/transcribed`, {
      ...{ job_id: jobId, attempt: 1, status: "completed", transcript: "A sea.", duration_seconds: 1 },
    });

  return {
    ...{ edge, app, watched, env, ask, report, claim, progress, charges, release, completion, putFilm },
    ...{ announce, postSegment, transcribed },
  };
}
