/** What operators see and do: metrics, figures, jobs and their timelines, machines, and the clean-up. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { OpsFigures, OpsJobs, OpsTimeline, OpsWorkers } from "../../contract/ops.ts";
import type { CleanupReport, OpsDone } from "../../contract/ops-acts.ts";
import { readPrices, writePrices } from "../../contract/prices.ts";
import type { Problem } from "../../contract/problem.ts";
import { filmKey } from "../../contract/storage.ts";
import { until } from "../until.ts";
import { gateOf } from "./gate.ts";
import { aStoryboard, type Edge, type Job, secrets, startEdge } from "./harness.ts";

const admin = secrets.ADMIN_KEY;
let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge({
    PICTURE_PRICE_OUT: "31",
    FILM_KEEP_DAYS: "30",
    LOG_KEEP_DAYS: "60",
    ASSET_KEEP_DAYS: "90",
  });
  key = (await edge.newKey("ada")).key;
});
afterAll(() => edge.close());

const get = async <T>(path: string) => (await edge.call<T>("GET", path, { key: admin })).json;
const post = <T>(path: string, body?: object) => edge.call<T>("POST", path, { key: admin, body });
const figures = () => get<OpsFigures>("/admin/ops/figures");
const metric = async (line: RegExp) => {
  const { text } = await edge.call("GET", "/metrics", { key: admin });
  return Number(line.exec(text)?.[1] ?? Number.NaN);
};
const failure = {
  status: "failed" as const,
  video_url: null,
  metadata: null,
  error: "no",
  error_code: "openai.refused",
};

it("shows operators no word that an owner has typed, where a job's error quotes it to the owner", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  const error = "The AI providers refuse the description of “Ann Lovelace” among your people.";
  await edge.complete(job, 1, { ...failure, error, error_code: "cast.not_allowed" });
  expect((await edge.status(job)).error).toMatchObject({ code: "cast.not_allowed", message: error });
  const timeline = await get<OpsTimeline>(`/admin/ops/jobs/${job.id}`);
  expect(timeline.job.error).toMatchObject({ code: "cast.not_allowed" });
  expect(JSON.stringify([timeline, edge.logs()])).not.toContain("Lovelace");
});

describe("figures and metrics", () => {
  it("count each job's wait, end and cost once, in whatever way it ends", async () => {
    const before = await figures();
    const done = await edge.newFilm(key);
    const failed = await edge.newJob(key);
    await edge.claim(failed);
    await edge.complete(failed, 1, failure);
    await edge.complete(failed, 1, failure);
    const cancelled = await edge.newJob(key);
    await edge.call("POST", `/dreams/${cancelled.did}/cancel`, { key });
    const waiting = await edge.newJob(key);
    await edge.sql("UPDATE jobs SET created_at = created_at - 90000 WHERE id = ?", waiting.id);
    const after = await figures();
    expect(after).toMatchObject({
      completed: before.completed + 1,
      failed: before.failed + 1,
      cancelled: before.cancelled + 1,
      queues: { standard: { depth: 1, waits: before.queues.standard.waits + 2 } },
    });
    expect(after.queues.standard.oldest_seconds).toBeGreaterThan(89);
    expect(after.spent_usd - before.spent_usd).toBeCloseTo(0.0421, 4);
    expect(
      await metric(
        /^dream_jobs_ended_total\{kind="film",status="failed",error_code="openai.refused"\} (\d+)/m,
      ),
    ).toBe(1);
    expect(await metric(/^dream_queue_depth\{queue="standard"\} (\d+)/m)).toBe(1);
    expect(await metric(/^dream_queue_wait_seconds_count\{queue="standard"\} (\d+)/m)).toBe(
      after.queues.standard.waits,
    );
    await edge.call("POST", `/dreams/${waiting.did}/cancel`, { key });
    expect((await edge.status(done)).status).toBe("completed");
  });

  it("measure the time from finish to a first playable scene, once per job", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    const playable = (n: number) => ({
      n,
      event: { type: "film.playable" as const, data: { scene: n, seconds: 4, rendition: "360p" } },
    });
    await edge.progress(job, 1, { events: [playable(1)] });
    await edge.progress(job, 1, { events: [playable(2)] });
    expect(await metric(/^dream_first_playable_seconds_count (\d+)/m)).toBe(1);
    const story = await get<OpsTimeline>(`/admin/ops/jobs/${job.id}`);
    expect(story.job.playable_at).not.toBeNull();
  });

  it("are stored by the sweep once a minute", async () => {
    await edge.sweep();
    await edge.sweep();
    const { data } = await get<{ data: OpsFigures[] }>("/admin/ops/samples?hours=1");
    expect(data.length).toBeGreaterThanOrEqual(1);
    expect(data.length).toBeLessThanOrEqual(2);
    expect(Object.keys(data[0] as object).sort()).toEqual(Object.keys(await figures()).sort());
  });
});

describe("machines", () => {
  const sign = (worker_id: string, leaving: boolean) =>
    edge.report(`/internal/workers/${worker_id}/sign-of-life`, {
      worker_id,
      region: "fra",
      version: "1.2.3",
      slots: 2,
      leaving,
    });

  it("are shown while they report, with the jobs they hold, and gone when they leave", async () => {
    await sign("machine-1", false);
    await sign("machine-2", false);
    const job = await edge.newJob(key);
    await edge.claim(job, { worker_id: "machine-1" });
    await edge.sql(
      "UPDATE workers SET seen_at = seen_at - 200000, gone_at = gone_at - 200000 WHERE id = 'machine-2'",
    );
    const shown = async () =>
      (await get<OpsWorkers>("/admin/ops/workers")).data.map(({ id, state, active_jobs, version }) => ({
        ...{ id, state, active_jobs, version },
      }));
    expect(await shown()).toEqual([
      { id: "machine-1", state: "up", active_jobs: 1, version: "1.2.3" },
      { id: "machine-2", state: "silent", active_jobs: 0, version: "1.2.3" },
    ]);
    expect(await figures()).toMatchObject({ workers: 1, slots: 2 });
    await sign("machine-1", true);
    expect(await shown()).toHaveLength(1);
  });

  it("say that they cannot read the queue; older ones say nothing", async () => {
    const report = { region: "fra", version: "1.2.3", slots: 2, leaving: false };
    const faultOf = async (id: string) =>
      (await get<OpsWorkers>("/admin/ops/workers")).data.find((one) => one.id === id)?.queue_fault;
    const tell = (more: object) =>
      edge.report("/internal/workers/cut-off/sign-of-life", { worker_id: "cut-off", ...report, ...more });
    await tell({});
    expect(await faultOf("cut-off")).toBeNull();
    await tell({ queue_fault: "queue.unreachable" });
    expect(await faultOf("cut-off")).toBe("queue.unreachable");
    await tell({ queue_fault: null });
    expect(await faultOf("cut-off")).toBeNull();
    await edge.sql("DELETE FROM workers WHERE id = 'cut-off'");
  });

  it("that are killed leave the count as soon as their jobs' leases end; older ones report once a minute", async () => {
    const before = await figures();
    const report = { region: "fra", version: "1.2.3", slots: 2, leaving: false };
    for (const [worker_id, more] of [
      ["killed", { every_seconds: 10 }],
      ["older", {}],
    ] as const)
      await edge.report(`/internal/workers/${worker_id}/sign-of-life`, { worker_id, ...report, ...more });
    const pass = (seconds: number) =>
      edge.sql(
        "UPDATE workers SET seen_at = seen_at - ?, gone_at = gone_at - ? WHERE id IN ('killed', 'older')",
        ...[seconds * 1000, seconds * 1000],
      );
    expect((await figures()).workers - before.workers).toBe(2);
    await pass(31);
    expect((await figures()).workers - before.workers).toBe(1);
    await pass(120);
    expect((await figures()).workers - before.workers).toBe(0);
    await edge.sql("DELETE FROM workers WHERE id IN ('killed', 'older')");
  });

  it("keep a job waiting only as long as one of them could have taken it", async () => {
    const waiting = await edge.newJob(key);
    const longAgo = Date.now() - 600_000;
    await edge.sql("UPDATE jobs SET created_at = ?, ready_at = 0 WHERE id = ?", longAgo, waiting.id);
    await edge.sql("UPDATE jobs SET ended_at = ended_at - 60000 WHERE ended_at > 0");
    const ready = async () => Math.round((await figures()).queues.standard.ready_seconds ?? Number.NaN);
    const change = (assignment: string, ms: number) =>
      edge.sql(`UPDATE workers SET ${assignment} = ${assignment} - ? WHERE id = 'machine-4'`, ms);
    await edge.sql("DELETE FROM workers");
    expect(await ready(), "no machine is up").toBe(0);
    await sign("machine-4", false);
    expect(await ready(), "the machine has just started").toBeLessThan(5);
    await change("started_at", 300_000);
    expect(Math.abs((await ready()) - 300)).toBeLessThan(5);
    await change("seen_at", 100_000);
    expect(Math.abs((await ready()) - 200), "until the machine's last report").toBeLessThan(5);
    await edge.sql(
      "INSERT INTO holds (capability, kind, code, since, probe_at, lifted_at) VALUES ('text', 'film', 'c', ?, 0, ?)",
      ...[longAgo, Date.now() - 150_000],
    );
    expect(Math.abs((await ready()) - 50), "from the end of a hold").toBeLessThan(5);
    await edge.sql(
      "UPDATE jobs SET ended_at = ? WHERE id = (SELECT id FROM jobs WHERE ended_at > 0 LIMIT 1)",
      Date.now(),
    );
    expect(await ready(), "a slot was freed a moment ago").toBe(0);
    await edge.sql("DELETE FROM holds");
    await edge.sql("DELETE FROM workers");
    await edge.call("POST", `/dreams/${waiting.did}/cancel`, { key });
  });

  it("that send their prices are answered with the edge's, and older ones with nothing", async () => {
    const worker = { worker_id: "machine-3", region: "fra", version: "1.2.3", slots: 2, leaving: true };
    const path = "/internal/workers/machine-3/sign-of-life";
    const answer = await edge.report(path, { ...worker, prices: writePrices(readPrices({})) });
    expect(answer).toMatchObject({
      status: 200,
      json: { prices: writePrices(readPrices({ PICTURE_PRICE_OUT: "31" })) },
    });
    expect((await edge.report(path, worker)).status).toBe(204);
  });
});

describe("jobs", () => {
  it("are found by status, owner, queue and error, page by page", async () => {
    const other = (await edge.newKey("zoe")).key;
    const jobs: Job[] = [];
    for (let i = 0; i < 5; i++) jobs.push(await edge.newJob(other));
    await edge.claim(jobs[0] as Job);
    await edge.complete(jobs[0] as Job, 1, { ...failure, error_code: "ffmpeg.killed" });
    const ids = async (query: string) =>
      (await get<OpsJobs>(`/admin/ops/jobs?${query}`)).data.map(({ id }) => id);
    expect(await ids("owner=zoe")).toEqual(jobs.map(({ id }) => id).reverse());
    expect(await ids("owner=zoe&status=queued")).toHaveLength(4);
    expect(await ids("status=failed&error_code=ffmpeg.killed")).toEqual([jobs[0]?.id]);
    expect(await ids("owner=zoe&priority=premium")).toEqual([]);
    const seen: string[] = [];
    let cursor = "";
    for (let page = 0; page < 5 && cursor !== "end"; page++) {
      const found = await get<OpsJobs>(`/admin/ops/jobs?owner=zoe&limit=2${cursor && `&cursor=${cursor}`}`);
      seen.push(...found.data.map(({ id }) => id));
      cursor = found.next_cursor ?? "end";
    }
    expect(seen).toEqual(jobs.map(({ id }) => id).reverse());
  });

  it("show their timeline without the text of users", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.progress(job, 1, {
      events: [
        { n: 1, event: { type: "scene.picture", data: { scene: 0, key: "k", reused: true } } },
        { n: 2, event: { type: "scene.voice", data: { scene: 0, seconds: 3, reused: false } } },
      ],
    });
    await edge.release(job, 1, { reason: "outage", code: "openai.rate_limited" });
    await edge.claim(job, { worker_id: "worker-2" });
    await edge.complete(job, 2, failure);
    const { text, json: story } = await edge.call<OpsTimeline>("GET", `/admin/ops/jobs/${job.id}`, {
      key: admin,
    });
    expect(text).not.toContain("silver sea");
    expect(story.job).toMatchObject({ status: "failed", attempt: 2, error: { code: "openai.refused" } });
    expect(story.attempts).toMatchObject([
      { attempt: 1, worker_id: "worker-1", outcome: "openai.rate_limited" },
      { attempt: 2, worker_id: "worker-2", outcome: "openai.refused" },
    ]);
    expect(story.scenes).toMatchObject([{ scene: 0, reused: 1, ready_at: null }]);
    expect(story.events.map(({ seq }) => seq)).toEqual(story.events.map((_, i) => i + 1));
    expect((await edge.call<Problem>("GET", "/admin/ops/jobs/none", { key: admin })).json.code).toBe(
      "job.not_found",
    );
  });

  it("can be cancelled and retried, by a new job with the same text", async () => {
    const job = await edge.newJob(key, { style: "noir" });
    expect((await post<Problem>(`/admin/ops/jobs/${job.id}/retry`)).json.code).toBe("job.active");
    await post(`/admin/ops/jobs/${job.id}/cancel`);
    expect(await edge.status(job)).toMatchObject({ status: "cancelled" });
    const { json: again } = await post<OpsDone>(`/admin/ops/jobs/${job.id}/retry`);
    expect(await edge.status(job)).toMatchObject({ status: "queued", job_id: again.job_id });
    await until(
      () => edge.messages(again.job_id),
      (sent) => sent.length === 1,
    );
    const claimed = await edge.claim({ id: again.job_id });
    expect(claimed.json).toMatchObject({ outcome: "claimed", options: { style: "noir" } });
    expect((await post<Problem>(`/admin/ops/jobs/${job.id}/retry`)).json.code).toBe("job.finished");
    expect((await post<Problem>(`/admin/ops/jobs/${job.id}/cancel`)).status).toBe(200);
  });

  it("can be retried if they were not approved in time, are told apart from cancelled ones, and counted while they wait", async () => {
    const job = await gateOf(edge, key).waiting();
    expect((await figures()).asking).toBe(1);
    expect(await metric(/^dream_jobs_waiting_for_approval (\d+)/m)).toBe(1);
    expect((await post<Problem>(`/admin/ops/jobs/${job.id}/retry`)).json.code).toBe("job.active");
    await edge.sql("UPDATE jobs SET expires_at = 1, is_expiry_told = 1 WHERE id = ?", job.id);
    await edge.sweep();
    expect((await get<OpsTimeline>(`/admin/ops/jobs/${job.id}`)).job.status).toBe("expired");
    expect((await figures()).asking).toBe(0);
    const { json: again } = await post<OpsDone>(`/admin/ops/jobs/${job.id}/retry`);
    // What it has written is not written again, and it stops again.
    expect((await edge.claim({ id: again.job_id })).json).toMatchObject({
      ...{ outcome: "claimed_asking", storyboard: { title: aStoryboard.title } },
    });
  });

  it("that wait get a new message, one by one or all that have waited for long", async () => {
    const [a, b] = [await edge.newJob(key), await edge.newJob(key)];
    const sent = (job: Job, times: number) =>
      until(
        () => edge.messages(job.id),
        (messages) => messages.length === times,
      );
    await Promise.all([sent(a, 1), sent(b, 1)]);
    expect((await post("/admin/ops/redrive", { job_ids: [a.id] })).json).toEqual({ redriven: 1 });
    await sent(a, 2);
    await edge.sql("UPDATE jobs SET created_at = created_at - 600000 WHERE id = ?", b.id);
    expect((await post("/admin/ops/redrive", { older_than_seconds: 300 })).json).toEqual({ redriven: 1 });
    await sent(b, 2);
    expect(await edge.messages(a.id)).toHaveLength(2);
  });
});

describe("the clean-up", () => {
  const cleanUp = async (dry_run: boolean) => (await post<CleanupReport>("/admin/cleanup", { dry_run })).json;
  const keys = async (prefix: string) => (await edge.media.list({ prefix })).objects.map(({ key }) => key);
  const day = 24 * 3600_000;

  it("removes the files of attempts that lost, and keeps the winner's", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.putFilm(job, 1);
    await edge.release(job, 1);
    await edge.claim(job);
    await edge.putFilm(job, 2);
    await edge.complete(job, 2);
    const failed = await edge.newJob(key);
    await edge.claim(failed);
    await edge.putFilm(failed, 1);
    await edge.complete(failed, 1, failure);
    expect(
      await edge.sql(
        "SELECT keep_attempt FROM purges WHERE job_id IN (?, ?) ORDER BY job_id",
        job.id,
        failed.id,
      ),
    ).toEqual([{ keep_attempt: 2 }, { keep_attempt: null }]);
    await edge.sql("UPDATE purges SET due_at = 0");
    const dry = await cleanUp(true);
    expect(dry.removed.attempt_files).toBeGreaterThanOrEqual(2);
    expect(await keys(`dreams/${job.dreamId}/`)).toHaveLength(2);
    expect((await cleanUp(false)).removed.attempt_files).toBe(dry.removed.attempt_files);
    expect(await keys(`dreams/${job.dreamId}/`)).toEqual([filmKey(job.dreamId, job.id, 2, "film.mp4")]);
    expect(await keys(`dreams/${failed.dreamId}/`)).toEqual([]);
    expect(
      await metric(/^dream_cleanup_removed_total\{kind="attempt_files"\} (\d+)/m),
    ).toBeGreaterThanOrEqual(2);
  });

  it("removes films and logs after their retention, and no others", async () => {
    const [old, young] = [await edge.newFilm(key), await edge.newFilm(key)];
    await edge.sql("UPDATE jobs SET ended_at = ended_at - ? WHERE id = ?", 61 * day, old.id);
    const dry = await cleanUp(true);
    expect(dry.removed).toMatchObject({ films: 1, logs: 1 });
    await cleanUp(false);
    await cleanUp(false);
    expect(await keys(`dreams/${old.dreamId}/`)).toEqual([]);
    expect(await keys(`dreams/${young.dreamId}/`)).toHaveLength(1);
    expect(await edge.status(old)).toMatchObject({ status: "completed", video_url: null, poster_url: null });
    expect((await edge.status(young)).video_url).not.toBeNull();
    expect(await edge.sql("SELECT type FROM events WHERE job_id = ?", old.id)).toEqual([
      { type: "job.completed" },
    ]);
    expect((await cleanUp(true)).removed).toMatchObject({ films: 0, logs: 0 });
    await edge.call("POST", `/dreams/${old.did}/finish`, { key });
    await edge.call("POST", `/dreams/${young.did}/finish`, { key });
    expect(await edge.status(old)).toMatchObject({ status: "queued", earlier_film: null });
    expect(await edge.status(young)).toMatchObject({ earlier_film: { job_id: young.id } });
  });

  it("keeps new assets", async () => {
    const key = `assets/${randomUUID()}.png`;
    await edge.media.put(key, "bytes");
    expect((await cleanUp(false)).removed.assets).toBe(0);
    expect(await edge.media.head(key)).not.toBeNull();
  });
});
