import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Dream } from "../../contract/dream.ts";
import { leaseSeconds, limits, maxFailedAttempts, outageRetryWindowSeconds } from "../../contract/limits.ts";
import type { Problem } from "../../contract/problem.ts";
import { numberMessages, signMessage } from "../../contract/signature.ts";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, secrets, startEdge, tally } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const row = async (job: Job) =>
  (await edge.sql<Record<string, number | string | null>>("SELECT * FROM jobs WHERE id = ?", job.id))[0];

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
    expect(await row(job)).toMatchObject({ attempt: 1, failed_attempts: 0, status: "processing" });
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
    expect(await row(job)).toMatchObject({ attempt: 2, failed_attempts: 1 });
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

describe("a progress report", () => {
  it("changes the status and renews the lease", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.lapse(job);
    const answer = await edge.progress(job, 1, { progress: 40, scenes_ready: 1, cost_usd: 0.0123 });
    expect(answer.json).toEqual({ lease_ms: leaseSeconds * 1000 });
    expect(Number((await row(job))?.lease_expires_at)).toBeGreaterThan(Date.now() + 20_000);
    expect(await edge.status(job)).toMatchObject({
      status: "processing",
      stage: "scenes",
      progress: 40,
      scenes: { total: 3, ready: 1 },
      cost_usd: 0.0123,
      attempt: 1,
    });
  });

  it("never undoes anything, in whatever order reports arrive", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.progress(job, 1, { stage: "film", progress: 80, scenes_ready: 3, cost_usd: 0.5 });
    await edge.progress(job, 1, {
      stage: "scenes",
      progress: 30,
      scenes_ready: 1,
      cost_usd: 0.1,
      scenes_total: null,
    });
    expect(await edge.status(job)).toMatchObject({
      stage: "film",
      progress: 80,
      scenes: { total: 3, ready: 3 },
      cost_usd: 0.5,
    });
  });

  it("does not lower the client's percentage when another attempt starts over", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.progress(job, 1, { stage: "film", progress: 80, scenes_ready: 3 });
    await edge.lapse(job);
    await edge.claim(job);
    await edge.progress(job, 2, { stage: "storyboard", progress: 5 });
    expect(await edge.status(job)).toMatchObject({ stage: "storyboard", progress: 80, attempt: 2 });
    expect((await edge.status(job)).scenes.ready).toBe(0);
  });

  it("stores each numbered event once, without holes, however reports overlap and repeat", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const event = (n: number) => ({
      n,
      event: { type: "scene.voice" as const, data: { scene: n, seconds: n / 2, reused: false } },
    });
    const all = Array.from({ length: 30 }, (_, i) => event(i + 1));
    await atOnce(12, (i) => edge.progress(job, 1, { events: all.slice(i, i + 10) }));
    await edge.progress(job, 1, { events: [...all, event(7)] });
    const stored = await edge.sql<{ n: number; data: string; attempt: number }>(
      "SELECT n, data, attempt FROM events WHERE job_id = ? AND type = 'scene.voice' ORDER BY n",
      job.id,
    );
    expect(stored.map(({ n }) => n)).toEqual(all.map(({ n }) => n));
    expect(JSON.parse(stored[6]?.data ?? "")).toEqual(event(7).event.data);
    expect(await edge.log(job)).toHaveLength(32);

    await edge.lapse(job);
    await edge.claim(job);
    await edge.progress(job, 2, { events: all.slice(0, 3) });
    expect(await edge.log(job)).toHaveLength(32 + 2 + 3);
  });

  it("keeps the order of events within a report, and text that is JSON itself", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const message = '{"a":"\\"}\'] 龍 \u2028';
    await edge.progress(job, 1, {
      events: [
        { n: 2, event: { type: "job.warning", data: { code: "b", message: "second", scene: null } } },
        { n: 1, event: { type: "job.warning", data: { code: "a", message, scene: 1 } } },
      ],
    });
    expect((await edge.status(job)).warnings).toEqual([message, "second"]);
  });

  it("drops the events that the edge does not know, and nothing else", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const answer = await edge.progress(job, 1, {
      events: [
        { n: 1, event: { type: "job.completed", data: {} } as never },
        { n: 2, event: { type: "film.preview", data: { seconds: 1 } } },
      ],
    });
    expect(answer.status).toBe(200);
    expect(await edge.status(job)).toMatchObject({ status: "processing", progress: 10 });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "film.preview"]);
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
    expect(await row(job)).toMatchObject({ failed_attempts: 0, claim_id: null, lease_expires_at: null });
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
    expect(await row(job)).toMatchObject({ failed_attempts: 0 });
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

describe("a completion", () => {
  it("is in the status and the dream afterwards", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const files = { poster: true, captions: true, hls: false, preview: false };
    const done = await edge.complete(job, 1, { files, size_bytes: 10, sha256: "a".repeat(64) });
    expect(done.json).toEqual({ status: "ok", applied: true });
    const status = await edge.status(job);
    expect(status).toMatchObject({
      status: "completed",
      stage: "done",
      progress: 100,
      scenes: { total: 3, ready: 3 },
      cost_usd: 0.0421,
      duration_seconds: 30.5,
      timings: { storyboard: 1.5 },
      error: null,
      hls_url: null,
      preview_url: null,
    });
    expect(status.video_url).toMatch(/\/film\.mp4$/);
    expect(status.poster_url).toMatch(/\/poster\.jpg$/);
    expect(status.captions_url).toMatch(/\/captions\.vtt$/);
    const dream = await edge.call<Dream>("GET", `/dreams/${job.did}`, { key });
    expect(dream.json).toMatchObject({
      video_job_id: job.id,
      video_status: "completed",
      video_url: status.video_url,
      video_metadata: { duration: 30.5, scenes: 3, cost: 0.0421 },
      video_started_at: expect.any(String),
      video_completed_at: expect.any(String),
    });
    expect(await edge.sql("SELECT video_url FROM dreams WHERE id = ?", job.dreamId)).toEqual([
      { video_url: filmKey(job.dreamId, job.id, 1, "film.mp4") },
    ]);
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.completed"]);
  });

  it("is applied once of 100 at once", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const answers = await atOnce(100, () => edge.complete(job, 1));
    expect(tally(answers.map(({ json }) => String(json.applied)))).toEqual({ true: 1, false: 99 });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.completed"]);
  });

  it("of an older attempt changes nothing, even if its film is stored", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.lapse(job);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const before = await row(job);
    expect((await edge.complete(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
    expect((await edge.complete(job, 1, failed)).json).toMatchObject({ status: 409, code: "job.fenced" });
    expect(await row(job)).toEqual(before);

    await edge.putFilm(job, 2);
    expect((await edge.complete(job, 2)).json).toEqual({ status: "ok", applied: true });
    expect((await edge.complete(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
    expect((await edge.status(job)).video_url).toContain(`/${job.id}/`);
    expect(await edge.log(job)).toHaveLength(5);
  });

  it("of an attempt that lost the job is refused as such, also if its film is missing", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.release(job, 1);
    expect((await edge.complete(job, 1)).json).toMatchObject({ status: 409, code: "job.fenced" });
  });

  it("cannot turn into another end", async () => {
    const job = await edge.newFilm(key);
    expect((await edge.complete(job, 1, failed)).json).toMatchObject({ status: 409, code: "job.finished" });
    expect(await edge.status(job)).toMatchObject({ status: "completed", error: null });
  });

  it("as failed says why, once", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    expect((await edge.complete(job, 1, failed)).json).toEqual({ status: "ok", applied: true });
    expect((await edge.complete(job, 1, failed)).json).toEqual({ status: "ok", applied: false });
    expect(await edge.status(job)).toMatchObject({
      status: "failed",
      video_url: null,
      error: { code: "storyboard.refused", message: "the text was refused", retryable: false },
    });
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.failed"]);
  });

  it("whose answer was lost still lets the dream be finished again, and then changes nothing", async () => {
    const job = await edge.newFilm(key);
    const again = {
      ...(await edge.call<{ job_id: string }>("POST", `/dreams/${job.did}/finish`, { key })).json,
    };
    expect((await edge.complete(job, 1)).json).toEqual({ status: "ok", applied: false });
    expect(await edge.status(job)).toMatchObject({ job_id: again.job_id, status: "queued" });
  });

  it.each([
    ["no video_url", { video_url: null }, ""],
    ["no metadata", { metadata: null }, ""],
    ["another job's film", { video_url: "https://edge/videos/x/y/1/film.mp4" }, "/video_url"],
    ["another place on another host", { video_url: "https://evil.example/film.mp4" }, "/video_url"],
    ["no address", { video_url: "film" }, "/video_url"],
    ["another size than the film's", { size_bytes: 9 }, "/size_bytes"],
    ["an unknown status", { status: "done" as never }, "/status"],
    ["a failure without a reason", { status: "failed" as const }, ""],
  ])("is refused with %s", async (_, fields, pointer) => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    const answer = await edge.complete(job, 1, fields);
    expect(answer.json).toMatchObject({ status: 422, code: "request.invalid", errors: [{ pointer }] });
    expect((await row(job))?.status).toBe("processing");
  });

  it("is refused while the film is not in storage", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    expect((await edge.complete(job, 1)).json).toMatchObject({
      status: 422,
      errors: [{ pointer: "/video_url" }],
    });
  });

  it("for another dream's path does nothing", async () => {
    const job = await edge.newJob(key);
    const other = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm({ ...job, dreamId: other.dreamId }, 1);
    const crossed = await edge.complete({ ...job, dreamId: other.dreamId }, 1);
    expect(crossed.json).toMatchObject({ status: 404, code: "job.not_found" });
    expect((await row(job))?.status).toBe("processing");
  });
});

const failed = {
  status: "failed" as const,
  video_url: null,
  metadata: null,
  error: "the text was refused",
  error_code: "storyboard.refused",
};

describe("a signature", () => {
  const text = (job: Job) =>
    JSON.stringify({ job_id: job.id, claim_id: randomUUID(), worker_id: "worker-1" });
  const path = (job: Job) => `/internal/jobs/${job.id}/claim`;
  const send = (job: Job, body: string, headers: object) =>
    edge.call<Problem>("POST", path(job), { body, headers: { ...headers } });
  const now = () => Math.floor(Date.now() / 1000);
  const [secret = "", older = ""] = secrets.CALLBACK_SECRETS.split(" ");

  it("of either live secret opens", async () => {
    for (const one of [secret, older]) {
      const job = await edge.newJob(key);
      const body = text(job);
      expect((await send(job, body, signMessage(one, randomUUID(), now(), body))).status).toBe(200);
    }
  });

  it.each<[string, (body: string) => object, string]>([
    ["none", () => ({}), "signature.missing"],
    ["no signature", (body) => ({ ...sign(body), "webhook-signature": "" }), "signature.missing"],
    ["another secret", (body) => sign(body, { secret: foreign }), "signature.invalid"],
    ["one byte more in the body", (body) => sign(`${body} `), "signature.invalid"],
    ["a cut signature", (body) => cut(sign(body)), "signature.invalid"],
    ["another id", (body) => ({ ...sign(body), "webhook-id": randomUUID() }), "signature.invalid"],
    ["a time 301 s ago", (body) => sign(body, { offset: -301 }), "signature.stale"],
    ["a time in 301 s", (body) => sign(body, { offset: 301 }), "signature.stale"],
    [
      "a time that is not a number",
      (body) => ({ ...sign(body), "webhook-timestamp": "12ab" }),
      "signature.stale",
    ],
  ])("with %s is refused and changes nothing", async (_, signed, code) => {
    const job = await edge.newJob(key);
    const body = text(job);
    const sentMs = Date.now();
    const answer = await send(job, body, signed(body));
    expect(answer.json).toMatchObject({ status: 401, code });
    expect((await row(job))?.status).toBe("queued");
    if (code === "signature.stale") {
      const serverMs = Date.parse(answer.headers.get("date") ?? "");
      // The header has whole seconds.
      expect(serverMs).toBeGreaterThan(sentMs - 1000);
      expect(serverMs).toBeLessThanOrEqual(Date.now());
    }
  });

  const foreign = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
  const sign = (body: string, how: { secret?: string; offset?: number } = {}) =>
    signMessage(how.secret ?? secret, randomUUID(), now() + (how.offset ?? 0), body);
  const cut = (signed: ReturnType<typeof sign>) => ({
    ...signed,
    "webhook-signature": signed["webhook-signature"].slice(0, -3),
  });

  /** Workers number their messages; older workers give each a random id. */
  const ids: [string, () => string][] = [
    ["numbered", () => numberMessages(randomUUID())()],
    ["an older worker's", randomUUID],
  ];

  it.each(ids)(
    "works once: of 100 copies of one message one acts and 99 are replays (%s)",
    async (_, newId) => {
      const job = await edge.newJob(key);
      await edge.claim(job);
      await edge.putFilm(job, 1);
      const id = newId();
      const answers = await atOnce(100, () => edge.complete(job, 1, {}, { id }));
      expect(tally(answers.map(({ json }) => json.code ?? "ok"))).toEqual({
        ok: 1,
        "signature.replayed": 99,
      });
      expect((await edge.complete(job, 1)).json).toEqual({ status: "ok", applied: false });
    },
  );

  it.each(ids)("works once whichever of the live secrets it is signed with (%s)", async (_, newId) => {
    const job = await edge.newJob(key);
    const [first, second] = secrets.CALLBACK_SECRETS.split(" ") as [string, string];
    const id = newId();
    const answers = await atOnce(100, (index) =>
      edge.report<Problem>(path(job), text(job), { id, secret: index % 2 ? first : second }),
    );
    expect(tally(answers.map(({ status, json }) => json.code ?? status))).toEqual({
      200: 1,
      "signature.replayed": 99,
    });
  });

  it.each(ids)("is used up for every call, whatever it was for (%s)", async (_, newId) => {
    const job = await edge.newJob(key);
    const id = newId();
    const claimed = await edge.report<Problem>(path(job), text(job), { id });
    expect(claimed.status).toBe(200);
    const report = {
      job_id: job.id,
      attempt: 1,
      stage: "scenes",
      progress: 1,
      scenes_total: null,
      scenes_ready: 0,
      cost_usd: 0,
      events: [],
    };
    const progress = await edge.report<Problem>(`/internal/jobs/${job.id}/progress`, report, { id });
    expect(progress.json).toMatchObject({ status: 409, code: "signature.replayed" });
    const release = {
      job_id: job.id,
      attempt: 1,
      reason: "error",
      code: "c",
      message: "m",
      delay_seconds: 0,
    };
    const released = await edge.report<Problem>(`/internal/jobs/${job.id}/release`, release, { id });
    expect(released.json).toMatchObject({ status: 409, code: "signature.replayed" });
    expect(await row(job)).toMatchObject({ status: "processing", progress: 0, failed_attempts: 0 });
  });

  it("for one job opens no other", async () => {
    const mine = await edge.newJob(key);
    const other = await edge.newJob(key);
    for (const job of [mine, other]) await edge.claim(job);
    await edge.putFilm(mine, 1);
    const body = JSON.stringify({
      job_id: mine.id,
      attempt: 1,
      status: "completed",
      video_url: filmUrl(edge.url.href, mine.dreamId, mine.id, 1),
      metadata: { duration: 1, scenes: 1, cost: 0 },
      error: null,
    });
    const headers = { ...signMessage(secret, randomUUID(), now(), body) };
    const crossed = await edge.call<Problem>("POST", `/dreams/${other.dreamId}/video-complete`, {
      body,
      headers,
    });
    expect(crossed.json).toMatchObject({ status: 404, code: "job.not_found" });
    expect(await edge.status(other)).toMatchObject({ status: "processing" });
    expect(await edge.status(mine)).toMatchObject({ status: "processing" });
  });

  it("for one job's claim, report or hand-back opens no other's", async () => {
    const mine = await edge.newJob(key);
    const other = await edge.newJob(key);
    await edge.claim(mine);
    const waiting = await edge.newJob(key);
    await edge.claim(other);
    const bodies = {
      claim: { job_id: mine.id, claim_id: randomUUID(), worker_id: "worker-1" },
      progress: {
        job_id: mine.id,
        ...{
          attempt: 1,
          stage: "scenes",
          progress: 9,
          scenes_total: 1,
          scenes_ready: 0,
          cost_usd: 0,
          events: [],
        },
      },
      release: { job_id: mine.id, attempt: 1, reason: "error", code: "c", message: "m", delay_seconds: 0 },
    };
    for (const [verb, body] of Object.entries(bodies))
      for (const job of [other, waiting]) {
        const crossed = await edge.report<Problem>(`/internal/jobs/${job.id}/${verb}`, body);
        expect(crossed.json, verb).toMatchObject({ status: 404, code: "job.not_found" });
      }
    expect(await row(other)).toMatchObject({ status: "processing", progress: 0, failed_attempts: 0 });
    expect((await row(waiting))?.status).toBe("queued");
  });

  it("is checked before a too large or malformed body is parsed", async () => {
    const job = await edge.newJob(key);
    expect((await send(job, "{", {})).json).toMatchObject({ code: "signature.missing" });
    const long = "x".repeat(limits.internalBodyBytes + 1);
    expect((await send(job, long, {})).json).toMatchObject({ status: 413, code: "request.too_large" });
    const body = "{";
    const signed = { ...signMessage(secret, randomUUID(), now(), body) };
    expect((await send(job, body, signed)).json).toMatchObject({ status: 400, code: "request.not_json" });
  });
});
