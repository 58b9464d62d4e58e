import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { maxFailedAttempts } from "../../contract/limits.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, startEdge } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const video = async ({ did }: Job) => (await edge.call("GET", `/dreams/${did}`, { key })).json;

describe("a lapsed lease", () => {
  it("puts the job back with a message, and the silent worker is fenced", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.lapse(job);
    await edge.sweep();
    expect(await edge.status(job)).toMatchObject({ status: "queued", stage: "queued", error: null });
    expect(await video(job)).toMatchObject({ video_status: "queued" });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.retrying"]);
    await until(
      () => edge.messages(job.id),
      (sent) => sent.length === 2,
    );

    await edge.putFilm(job, 1);
    expect((await edge.complete(job, 1)).json).toMatchObject({ code: "job.fenced" });
    expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt: 2 });
    expect((await edge.progress(job, 1)).json).toMatchObject({ code: "job.fenced" });
  });

  it("fails the job the last time, and says so", async () => {
    const job = await edge.newJob(key);
    for (let attempt = 1; attempt <= maxFailedAttempts; attempt++) {
      expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt });
      await edge.lapse(job);
      await edge.sweep();
    }
    const status = await edge.status(job);
    expect(status).toMatchObject({
      status: "failed",
      attempt: maxFailedAttempts,
      error: {
        code: "job.attempts_exhausted",
        message: `The last of ${maxFailedAttempts} attempts ended in silence.`,
        retryable: true,
      },
    });
    expect(status.completed_at).not.toBeNull();
    expect(await video(job)).toMatchObject({ video_status: "failed" });
    expect((await edge.log(job)).slice(-2)).toEqual(["job.started", "job.failed"]);
    const again = await edge.call("POST", `/dreams/${job.did}/finish`, { key });
    expect(again.status).toBe(202);
  });

  it("resets the count of failures once an attempt gets further than all earlier ones", async () => {
    const job = await edge.newJob(key);
    const percents = [10, 20, ...Array(maxFailedAttempts - 1).fill(15)];
    for (const [index, percent] of percents.entries()) {
      expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt: index + 1 });
      await edge.progress(job, index + 1, { progress: percent });
      await edge.lapse(job);
      await edge.sweep();
      expect(await edge.status(job)).toMatchObject({
        status: index < percents.length - 1 ? "queued" : "failed",
      });
    }
  });

  it("counts the same whether the sweep or the next worker finds it", async () => {
    const job = await edge.newJob(key);
    for (let attempt = 1; attempt <= maxFailedAttempts; attempt++) {
      await edge.claim(job);
      await edge.lapse(job);
      // The last one is ended by the sweep, because no worker gets it.
      if (attempt % 2 === maxFailedAttempts % 2) await edge.sweep();
    }
    expect(await edge.status(job)).toMatchObject({ status: "failed", attempt: maxFailedAttempts });
  });

  it("is not changed while a worker holds it", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.sweep();
    expect(await edge.status(job)).toMatchObject({ status: "processing", attempt: 1 });
  });

  it("is requeued once by four sweeps at once, with claims and completions among them", async () => {
    const jobs = await atOnce(24, () => edge.newJob(key));
    for (const job of jobs) {
      await edge.claim(job);
      await edge.putFilm(job, 1);
      await edge.lapse(job);
    }
    await Promise.all([
      ...jobs.slice(0, 8).map((job) => edge.claim(job)),
      ...jobs.slice(8, 16).map((job) => edge.complete(job, 1)),
      atOnce(4, () => edge.sweep()),
    ]);
    for (const job of jobs) {
      const [row] = await edge.sql<{ status: string; attempt: number; failed_attempts: number }>(
        "SELECT status, attempt, failed_attempts FROM jobs WHERE id = ?",
        job.id,
      );
      const log = (await edge.log(job)).join(" ");
      // Whichever call came first, the job is in one of these states, and its log agrees.
      const stories: Record<string, string> = {
        "completed 1 0": "job.queued job.started job.completed",
        "queued 1 1": "job.queued job.started job.retrying",
        "processing 2 1": "job.queued job.started job.retrying job.started",
      };
      expect(log).toBe(stories[`${row?.status} ${row?.attempt} ${row?.failed_attempts}`]);
    }
  });
});

describe("one run", () => {
  // An edge on which nothing was ever claimed, so no alarm helps the sweep.
  let edge: Edge;
  let key: string;
  beforeAll(async () => {
    edge = await startEdge({}, { fresh: true });
    key = (await edge.newKey()).key;
  });
  afterAll(() => edge.close());

  const many = JSON.stringify(Array.from({ length: 1200 }, (_, i) => i));

  it("requeues a bounded number of jobs and leaves the rest to the next; expired rows are deleted at once", async () => {
    await edge.sql(
      `INSERT INTO jobs (id, dream_id, owner_id, status, priority, input, attempt, lease_expires_at, created_at)
       SELECT 'bulk_' || value, 'dream_' || value, 'bulk', 'processing', 'standard', '{}', 1, value, 0
       FROM json_each(?)`,
      many,
    );
    await edge.sql(
      "INSERT INTO nonces (id, taken_by, expires_at) SELECT 'n' || value, 'r', value FROM json_each(?)",
      many,
    );
    const left = async () =>
      (
        await edge.sql<{ jobs: number; nonces: number }>(
          `SELECT (SELECT COUNT(*) FROM jobs WHERE owner_id = 'bulk' AND status = 'processing') AS jobs,
             (SELECT COUNT(*) FROM nonces WHERE taken_by = 'r') AS nonces`,
        )
      )[0];
    await edge.sweep();
    // The alarm that the sweep has set takes 200 a second meanwhile.
    expect(await left()).toEqual({ jobs: expect.any(Number), nonces: 0 });
    expect((await left())?.jobs).toBeGreaterThan(0);
    await edge.sweep();
    await edge.sweep();
    expect(await left()).toEqual({ jobs: 0, nonces: 0 });
    const sent = await until(
      () => edge.messages(...Array.from({ length: 1200 }, (_, i) => `bulk_${i}`)),
      (messages) => messages.length === 1200,
      20_000,
    );
    expect(new Set(sent.map(({ job_id }) => job_id)).size).toBe(1200);
  });

  it("deletes expired nonces and idempotency keys, and no others", async () => {
    const headers = { "idempotency-key": "to-be-forgotten" };
    await edge.call("POST", "/dreams", { key, body: {}, headers });
    await edge.sql("UPDATE idempotency_keys SET expires_at = 1");
    await edge.call("POST", "/dreams", { key, body: {}, headers: { "idempotency-key": "to-be-kept" } });
    const job = await edge.newJob(key);
    await edge.claim(job);
    const nonces = await edge.sql("SELECT id FROM nonces");
    await edge.sweep();
    expect(await edge.sql("SELECT key FROM idempotency_keys")).toEqual([{ key: "to-be-kept" }]);
    expect(await edge.sql("SELECT id FROM nonces")).toEqual(nonces);
  });
});
