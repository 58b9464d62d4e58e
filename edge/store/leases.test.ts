/** An attempt that sends its heartbeats and gets nowhere. The edge's clock is the test's. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  heartbeatSeconds,
  leaseSeconds,
  maxFailedAttempts,
  progressTimeoutSeconds,
} from "../../contract/limits.ts";
import { signMessage } from "../../contract/signature.ts";
import { type Edge, type Job, secrets, startEdge } from "../../tests/edge/harness.ts";
import { buildApp } from "../app.ts";
import type { Env } from "../env.ts";
import { realPorts } from "../ports.ts";
import { requeueLapsed } from "./lapses.ts";
import { openPrimary } from "./open.ts";

let edge: Edge;
let key: string;
let env: Env;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
  const queue = { send: async () => {}, sendBatch: async () => {} };
  env = {
    ...{ DB: edge.d1, MEDIA: edge.media, VIDEO_STANDARD: queue, VIDEO_PREMIUM: queue },
    CHANNELS: { getByName: () => ({ notify: async () => {} }) },
    LEASES: { getByName: () => ({ watch: async () => Number.POSITIVE_INFINITY }) },
    ...secrets,
  } as unknown as Env;
});
afterAll(() => edge.close());

let nowMs = Date.now();
const ports = { ...realPorts, now: () => nowMs };
const app = buildApp(ports);

async function say(job: Job, verb: string, said: object) {
  const text = JSON.stringify({ job_id: job.id, ...said });
  const secret = secrets.CALLBACK_SECRETS.split(" ")[0] as string;
  const deferred: Promise<unknown>[] = [];
  const request = new Request(new URL(`/internal/jobs/${job.id}/${verb}`, edge.url), {
    method: "POST",
    body: text,
    headers: {
      "content-type": "application/json",
      ...signMessage(secret, randomUUID(), Math.floor(nowMs / 1000), text),
    },
  });
  const context = { waitUntil: (work: Promise<unknown>) => void deferred.push(work) };
  const response = await app.fetch(request, env, context as unknown as ExecutionContext);
  await Promise.all(deferred);
  return { status: response.status, json: await response.json() };
}
const claim = (job: Job) => say(job, "claim", { claim_id: randomUUID(), worker_id: "w" });
const nowhere = {
  ...{ stage: "storyboard", progress: 0, scenes_total: null, scenes_ready: 0, cost_usd: 0, events: [] },
};
const report = (job: Job, attempt: number, said: object = {}) =>
  say(job, "progress", { attempt, ...nowhere, ...said });

const requeue = () => requeueLapsed(openPrimary(env.DB), nowMs, 10);

/**
 * Lets `seconds` go by with a heartbeat every `everySeconds`, and requeues what has lapsed at the end. Gives
 * the answer to the heartbeat after that.
 */
async function heartbeatFor(job: Job, attempt: number, seconds: number, everySeconds = seconds) {
  const endMs = nowMs + seconds * 1000;
  while (nowMs < endMs) {
    nowMs = Math.min(endMs, nowMs + everySeconds * 1000);
    await report(job, attempt);
  }
  await requeue();
  return report(job, attempt);
}
const lastEvent = async (job: Job) => {
  const [row] = await edge.sql<{ type: string; data: string }>(
    "SELECT type, data FROM events WHERE job_id = ? ORDER BY seq DESC LIMIT 1",
    job.id,
  );
  return { type: row?.type, ...JSON.parse(row?.data ?? "{}") };
};

it("ends after the progress timeout however often it reports, and is told so", async () => {
  const job = await edge.newJob(key);
  await claim(job);
  const before = await heartbeatFor(job, 1, progressTimeoutSeconds - 10, heartbeatSeconds * 5);
  expect(before).toEqual({ status: 200, json: { lease_ms: 10_000, watched: false, asks_for_reports: true } });
  const after = await heartbeatFor(job, 1, 11);
  expect(after).toMatchObject({ status: 409, json: { code: "job.fenced" } });
  expect(await edge.status(job)).toMatchObject({ status: "queued", attempt: 1 });
  expect(await lastEvent(job)).toMatchObject({ type: "job.retrying", attempt: 1, reason: "stalled" });
  expect((await claim(job)).json).toMatchObject({ outcome: "claimed", attempt: 2 });
  expect(await edge.sql("SELECT failed_attempts FROM jobs WHERE id = ?", job.id)).toEqual([
    { failed_attempts: 1 },
  ]);
});

it("is told apart from silence where the next worker comes before the sweep", async () => {
  const job = await edge.newJob(key);
  await claim(job);
  await heartbeatFor(job, 1, progressTimeoutSeconds - 10);
  nowMs += 10_001;
  expect((await claim(job)).json).toMatchObject({ outcome: "claimed", attempt: 2 });
  const log = await edge.sql<{ reason: string }>(
    "SELECT data ->> '$.reason' AS reason FROM events WHERE job_id = ? AND type = 'job.retrying'",
    job.id,
  );
  expect(log).toEqual([{ reason: "stalled" }]);
});

it("fails the job the last time, and the owner reads why", async () => {
  const job = await edge.newJob(key);
  await claim(job);
  await edge.sql("UPDATE jobs SET failed_attempts = ? WHERE id = ?", maxFailedAttempts - 1, job.id);
  await heartbeatFor(job, 1, progressTimeoutSeconds + 1);
  expect(await edge.status(job)).toMatchObject({
    status: "failed",
    error: {
      code: "job.attempts_exhausted",
      message: `The last of ${maxFailedAttempts} attempts made no progress for 15 minutes.`,
      retryable: true,
    },
  });
});

const fingerprint = "a".repeat(64);
const purchase = { fingerprint, capability: "text", scene: null, model: "m", ceiling_micro_usd: 5 };
const reserve = (job: Job) => say(job, "charges", { attempt: 1, reserve: [purchase] });
const send = (job: Job) => say(job, "charges", { attempt: 1, send: [fingerprint] });
const warning = { type: "job.warning", data: { code: "c", message: "m", scene: null } };

it.each<[string, (job: Job) => Promise<unknown>, (job: Job) => Promise<unknown>]>([
  ["a stage", async () => {}, (job) => report(job, 1, { stage: "scenes" })],
  ["a percent", async () => {}, (job) => report(job, 1, { progress: 1 })],
  ["a scene", async () => {}, (job) => report(job, 1, { scenes_ready: 1 })],
  ["an event", async () => {}, (job) => report(job, 1, { events: [{ n: 1, event: warning }] })],
  ["a purchase reserved", async () => {}, reserve],
  ["a purchase begun", reserve, send],
  [
    "a purchase settled with a report",
    async (job) => {
      await reserve(job);
      await send(job);
    },
    (job) => report(job, 1, { charges: [{ fingerprint, outcome: "paid", cost_micro_usd: 1 }] }),
  ],
])("keeps its job for the whole time again after %s, which counts once", async (_, before, step) => {
  // Assets are shared between an owner's jobs, so each of these has an owner of its own.
  const job = await edge.newJob((await edge.newKey()).key);
  await claim(job);
  await before(job);
  await heartbeatFor(job, 1, progressTimeoutSeconds - 10);
  expect(await step(job)).toMatchObject({ status: 200 });
  await step(job);
  const after = await heartbeatFor(job, 1, progressTimeoutSeconds - leaseSeconds);
  expect(after).toEqual({
    status: 200,
    json: { lease_ms: leaseSeconds * 1000, watched: false, asks_for_reports: true },
  });
  await step(job);
  expect(await heartbeatFor(job, 1, leaseSeconds + 1)).toMatchObject({ json: { code: "job.fenced" } });
});

it("of an edge that did not keep the time yet gets all of it from its next report on", async () => {
  const job = await edge.newJob(key);
  await claim(job);
  await edge.sql("UPDATE jobs SET progressed_at = NULL WHERE id = ?", job.id);
  await report(job, 1);
  expect(await heartbeatFor(job, 1, progressTimeoutSeconds - leaseSeconds)).toMatchObject({ status: 200 });
  expect(await heartbeatFor(job, 1, leaseSeconds + 1)).toMatchObject({ json: { code: "job.fenced" } });
});
