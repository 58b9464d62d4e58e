/** Claims and hand-backs: which worker has a job, and what giving it back costs. */
import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { leaseSeconds, maxFailedAttempts, outageRetryWindowSeconds } from "../../contract/limits.ts";
import { until } from "../until.ts";
import { atOnce, tally } from "./harness.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge();

describe("a claim", () => {
  it("lets one of 50 at once win", async () => {
    const job = await edge.newJob(key);
    const answers = await atOnce(50, () => edge.claim(job));
    expect(tally(answers.map(({ json }) => json.outcome))).toEqual({ claimed: 1, not_yours: 49 });
    expect(answers.filter(({ json }) => json.outcome === "not_yours").map(({ json }) => json)).toContainEqual(
      {
        outcome: "not_yours",
        reason: "leased",
      },
    );
    expect(await edge.row(job)).toMatchObject({ attempt: 1, failed_attempts: 0, status: "processing" });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started"]);
  });

  it("lets one of 20 at once take over from a holder that fell silent", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.lapse(job);
    const answers = await atOnce(20, () => edge.claim(job));
    const won = answers.filter(({ json }) => json.outcome === "claimed");
    expect(won).toHaveLength(1);
    expect(won[0]?.json).toMatchObject({ attempt: 2 });
    expect(await edge.row(job)).toMatchObject({ attempt: 2, failed_attempts: 1 });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.retrying", "job.started"]);
  });

  it("gets the same answer when it is repeated after a lost reply", async () => {
    const job = await edge.newJob(key);
    const claim_id = randomUUID();
    const answers = await atOnce(10, () => edge.claim(job, { claim_id }));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers[0]?.json).toMatchObject({ outcome: "claimed", attempt: 1, lease_ms: leaseSeconds * 1000 });
    await edge.lapse(job);
    expect((await edge.claim(job, { claim_id })).json).toMatchObject({ outcome: "claimed", attempt: 1 });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started"]);
  });

  it("is not given once the attempts that may fail are used up", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.sql("UPDATE jobs SET failed_attempts = ? WHERE id = ?", maxFailedAttempts - 1, job.id);
    await edge.lapse(job);
    expect((await edge.claim(job)).json).toEqual({ outcome: "not_yours", reason: "leased" });
  });

  it("names the jobs whose message the worker acks", async () => {
    expect((await edge.claim({ id: "job_of_nobody" })).json).toEqual({
      outcome: "not_yours",
      reason: "unknown",
    });
    expect((await edge.claim(await edge.newFilm(key))).json).toEqual({
      outcome: "not_yours",
      reason: "finished",
    });
  });

  it("separates the assets of owners, and not those of an owner's dreams", async () => {
    const other = (await edge.newKey()).key;
    const scopes: string[] = [];
    for (const job of [await edge.newJob(key), await edge.newJob(key), await edge.newJob(other)]) {
      const { json } = await edge.claim(job);
      if (json.outcome === "claimed") scopes.push(json.asset_scope);
    }
    expect(scopes[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(scopes[1]).toBe(scopes[0]);
    expect(scopes[2]).not.toBe(scopes[0]);
  });
});

describe("a hand-back", () => {
  it("puts the job back at once, with a message, and costs no attempt", async () => {
    const job = await edge.newJob(key);
    for (let attempt = 1; attempt <= 5; attempt++) {
      expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt });
      const reason = attempt % 2 ? "shutdown" : "outage";
      expect((await edge.release(job, attempt, { reason })).status).toBe(204);
      expect(await edge.status(job)).toMatchObject({ status: "queued", stage: "queued", error: null });
    }
    expect(await edge.row(job)).toMatchObject({ failed_attempts: 0, claim_id: null, lease_expires_at: null });
    const sent = await until(
      () => edge.messages(job.id),
      (messages) => messages.length === 6,
    );
    expect(sent).toHaveLength(6);
  });

  it("for an error costs one; the last one fails the job with the reason", async () => {
    const job = await edge.newJob(key);
    for (let attempt = 1; attempt <= maxFailedAttempts; attempt++) {
      await edge.claim(job);
      const fields = { reason: "error", code: "ffmpeg.crashed", message: "exit 139" };
      expect((await edge.release(job, attempt, fields)).status).toBe(204);
    }
    expect(await edge.status(job)).toMatchObject({
      status: "failed",
      error: {
        code: "job.attempts_exhausted",
        message: expect.stringContaining("ffmpeg.crashed: exit 139"),
        retryable: true,
      },
      completed_at: expect.any(String),
    });
    expect((await edge.log(job)).slice(-2)).toEqual(["job.started", "job.failed"]);
    expect(await edge.sql("SELECT * FROM outbox WHERE job_id = ?", job.id)).toEqual([]);
  });

  it("for an outage fails the job with the outage's own reason once it has waited too long", async () => {
    const job = await edge.newJob(key);
    const outage = { reason: "outage", code: "openai.circuit_open", message: "The AI provider is away" };
    await edge.claim(job);
    const age = (outageRetryWindowSeconds - 60) * 1000;
    await edge.sql("UPDATE jobs SET created_at = ? WHERE id = ?", Date.now() - age, job.id);
    await edge.release(job, 1, outage);
    expect(await edge.status(job)).toMatchObject({ status: "queued", error: null });
    await edge.claim(job);
    await edge.sql("UPDATE jobs SET created_at = created_at - 120000 WHERE id = ?", job.id);
    await edge.release(job, 2, outage);
    expect(await edge.status(job)).toMatchObject({
      status: "failed",
      error: { code: "openai.circuit_open", message: "The AI provider is away", retryable: true },
    });
    expect(await edge.row(job)).toMatchObject({ failed_attempts: 0 });
  });

  it("keeps the job from a duplicate message until its delay is over, whether the claim names the queue or not", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.release(job, 1, { reason: "outage", delay_seconds: 3600 });
    expect((await edge.claim(job)).json).toEqual({ outcome: "not_yours", reason: "leased" });
    // The message gets another waiting job of the queue, if there is one.
    expect((await edge.claim(job, { queue: "standard" })).json).not.toMatchObject({ job_id: job.id });
    expect(await edge.status(job)).toMatchObject({ status: "queued", attempt: 1 });
    const [promise] = await edge.sql<{ late: number }>(
      "SELECT due_at - ready_at AS late FROM outbox JOIN jobs ON jobs.id = outbox.job_id WHERE job_id = ?",
      job.id,
    );
    expect(promise?.late).toBeLessThanOrEqual(0);
    await edge.sql("UPDATE jobs SET ready_at = ? WHERE id = ?", Date.now(), job.id);
    expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt: 2 });
  });

  it("is refused for another attempt", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.release(job, 1);
    expect((await edge.progress(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
    await edge.claim(job);
    expect((await edge.release(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
    expect(await edge.status(job)).toMatchObject({ status: "processing", attempt: 2 });
  });
});
