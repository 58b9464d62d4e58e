/** An AI provider refuses every call: the queue is held, and goes on by itself when a probe could buy. */
import { beforeEach, expect, it } from "vitest";
import type { VideoComplete } from "../../contract/completion.ts";
import type { VideoStatus } from "../../contract/job.ts";
import type { OpsFigures, OpsTimeline } from "../../contract/ops.ts";
import { until } from "../until.ts";
import { type Job, secrets } from "./harness.ts";
import { listen } from "./listen.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge();
beforeEach(async () => {
  await edge.sql("UPDATE jobs SET status = 'cancelled' WHERE status IN ('queued', 'processing')");
  await edge.sql("UPDATE holds SET lifted_at = 1 WHERE lifted_at IS NULL");
});

const refusal: Partial<VideoComplete> = {
  ...{ status: "failed", video_url: null, metadata: null, retryable: true },
  ...{ error: "no credit", error_code: "text.no_credit" },
};
const fail = (job: Job, attempt: number, fields: object = {}) =>
  edge.complete(job, attempt, { ...refusal, ...fields });
const probeAtOnce = (capability = "text") =>
  edge.call<{ held: boolean }>("POST", `/admin/ops/holds/${capability}/probe`, { key: secrets.ADMIN_KEY });
const figures = async () =>
  (await edge.call<OpsFigures>("GET", "/admin/ops/figures", { key: secrets.ADMIN_KEY })).json;
const holds = async () => (await figures()).holds ?? [];

let bought = 0;
/** The job's attempt buys something of the capability, as far as the ledger knows. */
async function buy(job: Pick<Job, "id">, attempt: number, capability = "text"): Promise<void> {
  const fingerprint = (++bought).toString(16).padStart(64, "0");
  const say = (fields: object) =>
    edge.report(`/internal/jobs/${job.id}/charges`, { job_id: job.id, attempt, ...fields });
  await say({ reserve: [{ fingerprint, capability, scene: null, model: "m", ceiling_micro_usd: 10 }] });
  await say({ send: [fingerprint] });
  await edge.progress(job, attempt, {
    charges: [{ fingerprint, outcome: "paid", cost_micro_usd: 5, request_id: null }],
  });
}

it("keeps the jobs queued, lets one at a time try, and sends all when one could buy", async () => {
  const [first, second, third] = [await edge.newJob(key), await edge.newJob(key), await edge.newJob(key)];
  for (const job of [first, second]) await edge.claim(job);
  expect((await fail(first, 1)).json).toEqual({ status: "ok", applied: true, held: true });
  // The reply was lost, and the worker asks again: it no longer holds the job.
  expect((await fail(first, 1)).json.code).toBe("job.fenced");
  expect((await fail(second, 1)).json.held).toBe(true);
  expect(await edge.status(first)).toMatchObject({
    status: "queued",
    eta_seconds: null,
    held: { code: "text.no_credit", message: expect.stringContaining("no credit left") },
  });
  const { job } = (
    await edge.call<OpsTimeline>("GET", `/admin/ops/jobs/${second.id}`, { key: secrets.ADMIN_KEY })
  ).json;
  expect(job.held, "operators see it at the job").toMatchObject({ code: "text.no_credit" });
  expect(await edge.row(first)).toMatchObject({ attempt: 1, failed_attempts: 0, error_code: null });
  expect(await holds()).toMatchObject([{ capability: "text", code: "text.no_credit", held_jobs: 3 }]);
  // No worker gets a job, in whatever way it asks.
  for (const queue of [null, "standard"] as const)
    expect((await edge.claim(third, { queue })).json).toMatchObject({ outcome: "not_yours", reason: "held" });

  // The first probe is a job that was not refused, and no other follows before its verdict.
  expect((await probeAtOnce()).json).toEqual({ capability: "text", held: true });
  expect((await edge.claim(first, { queue: "standard" })).json).toMatchObject({
    outcome: "claimed",
    job_id: third.id,
    tries_providers: true,
  });
  expect((await edge.claim(first, { queue: "standard" })).json).toMatchObject({ reason: "held" });
  const before = Date.now();
  expect((await fail(third, 1)).json.held).toBe(true);
  const [hold] = await holds();
  expect(hold).toMatchObject({ probes: 1, probing: false });
  expect(Date.parse(hold?.next_probe_at ?? "") - before).toBeGreaterThanOrEqual(10_000);

  await probeAtOnce();
  const probe = (await edge.claim(first, { queue: "standard" })).json;
  await edge.messages(first.id, second.id, third.id);
  if (!("attempt" in probe)) throw new Error("no probe");
  expect((await holds())[0], "the operators' page says so").toMatchObject({ probing: true });
  // What it buys of another capability proves nothing.
  await buy({ id: probe.job_id }, probe.attempt, "voice");
  expect(await holds()).toHaveLength(1);
  await buy({ id: probe.job_id }, probe.attempt, "text");
  expect(await holds()).toEqual([]);
  const others = [first, second, third].filter(({ id }) => id !== probe.job_id);
  await until(
    () => edge.messages(...others.map(({ id }) => id)),
    (sent) => new Set(sent.map(({ job_id }) => job_id)).size === 2,
  );
  for (const job of others) {
    expect(await edge.status(job)).toMatchObject({ status: "queued", held: null });
    expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt: 2 });
  }
});

it("does not hold for a refusal from before the hold's end, and costs the job nothing", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  expect((await fail(job, 1, { failed_seconds_ago: 60 })).json.held).toBe(true);
  expect(await holds()).toEqual([]);
  expect(await edge.row(job)).toMatchObject({ status: "queued", failed_attempts: 0 });
});

it.each([
  ["the odd answer to one job", "picture.answer_unusable"],
  ["a refused content", "openai.refused"],
])("ends a job by %s as ever", async (_, error_code) => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  expect((await fail(job, 1, { error_code })).json).toEqual({ status: "ok", applied: true });
  expect(await edge.status(job)).toMatchObject({ status: "failed", error: { code: error_code } });
});

it("fails a job that alone is refused again and again, and lets the others pass", async () => {
  const [odd, other] = [await edge.newJob(key), await edge.newJob(key)];
  const fields = { error_code: "picture.key_refused" };
  for (let attempt = 1; attempt <= 3; attempt++) {
    expect((await edge.claim(odd)).json).toMatchObject({ attempt });
    expect((await fail(odd, attempt, fields)).json.held).toBe(true);
    await probeAtOnce("picture");
    const { json } = await edge.claim(other, { queue: "standard" });
    expect(json).toMatchObject({ job_id: other.id });
    await buy(other, attempt, "picture");
    expect(await holds()).toEqual([]);
    await edge.release(other, attempt);
  }
  await edge.claim(odd);
  expect((await fail(odd, 4, fields)).json).toEqual({ status: "ok", applied: true });
  expect(await edge.status(odd)).toMatchObject({ status: "failed", error: { code: "picture.key_refused" } });
});

it.each([
  [
    "fails by something else",
    (job: Job, attempt: number) => fail(job, attempt, { error_code: "openai.refused" }),
  ],
  ["is handed back", (job: Job, attempt: number) => edge.release(job, attempt)],
  ["is cancelled", (job: Job) => edge.call("POST", `/dreams/${job.did}/cancel`, { key })],
])("lets another job probe 5 s after a probe that %s", async (_, end) => {
  const [first, second] = [await edge.newJob(key), await edge.newJob(key)];
  await edge.claim(first);
  await fail(first, 1);
  await probeAtOnce();
  expect((await edge.claim(first, { queue: "standard" })).json).toMatchObject({ job_id: second.id });
  const before = Date.now();
  await end(second, 1);
  const [hold] = await holds();
  const waitMs = Date.parse(hold?.next_probe_at ?? "") - before;
  expect(waitMs).toBeGreaterThanOrEqual(5_000);
  expect(waitMs).toBeLessThan(20_000);
  expect(hold?.probes, "it was not refused").toBe(0);
});

it("counts a job of two holds once, and lets a film with the dreamer's own voice pass a hold of the voice", async () => {
  const [first, own, other] = [await edge.newJob(key), await edge.newJob(key), await edge.newJob(key)];
  await edge.sql("UPDATE jobs SET input = json_set(input, '$.options.voice', 'own') WHERE id = ?", own.id);
  await edge.claim(first);
  await fail(first, 1, { error_code: "voice.no_credit" });
  expect(await figures()).toMatchObject({ held_jobs: 2, holds: [{ capability: "voice", held_jobs: 2 }] });
  expect((await figures()).queues.standard).toMatchObject({ depth: 3, ready_seconds: expect.any(Number) });
  expect(await edge.status(own)).toMatchObject({ status: "queued", held: null });
  expect((await edge.claim(other, { queue: "standard" })).json).toMatchObject({ job_id: own.id });
  expect((await edge.claim(other, { queue: "standard" })).json).toMatchObject({ reason: "held" });
  // The film that passed is no probe of the voice. It finds that no picture can be bought.
  await fail(own, 1, { error_code: "picture.no_credit" });
  expect(await figures()).toMatchObject({
    held_jobs: 3,
    holds: [
      { capability: "picture", held_jobs: 3 },
      { capability: "voice", held_jobs: 2, probes: 0 },
    ],
  });
  expect((await figures()).queues.standard.ready_seconds, "no job is free to take").toBe(0);
  const metrics = await edge.call("GET", "/metrics", { key: secrets.ADMIN_KEY });
  expect(metrics.text).toMatch(/^dream_queue_held_jobs 3$/m);
});

it("shows listeners of the other dreams at once that a hold began and ended", async () => {
  const [first, other] = [await edge.newJob(key), await edge.newJob(key)];
  await edge.claim(first);
  let heldAt = 0;
  let freeAt = 0;
  const listening = listen(new URL(`/dreams/${other.did}/video-events`, edge.url), {
    headers: { authorization: `Bearer ${key}` },
    enough({ frames }) {
      const shown = frames.filter(({ event }) => event === "snapshot").map(({ data }) => data as VideoStatus);
      if (shown.some(({ held }) => held !== null)) heldAt ||= Date.now();
      if (heldAt > 0 && shown.at(-1)?.held === null) freeAt = Date.now();
      return freeAt > 0;
    },
  });
  await until(
    () => edge.sql("SELECT 1 FROM dreams WHERE watched_until > 0"),
    (rows) => rows.length > 0,
  );
  const failedAt = Date.now();
  await fail(first, 1);
  await until(
    () => heldAt,
    (at) => at > 0,
  );
  // A channel that gets no notice looks at D1 after 5 to 10 s.
  expect(heldAt - failedAt).toBeLessThan(4_000);
  await probeAtOnce();
  expect((await edge.claim(first)).json).toMatchObject({ job_id: first.id, attempt: 2 });
  const boughtAt = Date.now();
  await buy(first, 2);
  await listening;
  expect(freeAt - boughtAt).toBeLessThan(4_000);
});

it("sends one probe at the sweep once it is due, and none before", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  await fail(job, 1, { error_code: "voice.model_unavailable" });
  await edge.sql("UPDATE outbox SET due_at = ?", 8e15);
  const count = async () => (await edge.messages(job.id)).length;
  const before = await count();
  await edge.sweep();
  expect(await count()).toBe(before);
  await edge.sql("UPDATE holds SET probe_at = 0");
  await edge.sweep();
  await until(count, (sent) => sent > before);
  const metrics = await edge.call("GET", "/metrics", { key: secrets.ADMIN_KEY });
  expect(metrics.text).toMatch(
    /^dream_held_jobs\{capability="voice",error_code="voice.model_unavailable"\} \d+$/m,
  );
});
