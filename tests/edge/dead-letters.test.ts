import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { limits, maxRedrives } from "../../contract/limits.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, secrets, startEdge, tally } from "./harness.ts";
import { startReceiver } from "./receive.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const say = (jobId: string) => JSON.stringify({ v: 1, job_id: jobId });
const letters = () =>
  edge.sql<{ id: string; job_id: string | null; outcome: string; excerpt: string }>(
    "SELECT id, job_id, outcome, excerpt FROM dead_letters",
  );
const about = async (job: Pick<Job, "id">) =>
  (await letters()).filter(({ job_id }) => job_id === job.id).map(({ outcome }) => outcome);
/** Lets the queue give up on the job's message and waits until the edge has handled the dead letter. */
async function die(job: Pick<Job, "id">): Promise<string[]> {
  const before = (await about(job)).length;
  await edge.giveUp(say(job.id));
  return until(
    () => about(job),
    (outcomes) => outcomes.length > before,
  );
}

describe("a job whose message ran out of deliveries", () => {
  it("gets a new message, and the worker that takes it does the job", async () => {
    const job = await edge.newJob(key);
    expect(await die(job)).toEqual(["redriven"]);
    await until(
      () => edge.messages(job.id),
      (sent) => sent.length === 2,
    );
    expect((await edge.claim(job)).json).toMatchObject({ outcome: "claimed", attempt: 1 });
    await edge.putFilm(job, 1);
    expect((await edge.complete(job, 1)).json).toMatchObject({ applied: true });
  });

  it("fails visibly when that happens again and again", async () => {
    const receiver = await startReceiver();
    const { key } = await edge.newKey();
    const hook = await edge.call("POST", "/webhooks", {
      key,
      body: { url: receiver.url, events: ["job.failed"] },
    });
    expect(hook.status).toBe(201);
    const job = await edge.newJob(key);
    for (let time = 1; time <= maxRedrives; time++) await die(job);
    expect(await edge.status(job)).toMatchObject({ status: "queued", error: null });
    expect(tally(await die(job))).toEqual({ redriven: maxRedrives, failed: 1 });
    expect(await edge.status(job)).toMatchObject({
      status: "failed",
      error: {
        code: "job.undeliverable",
        message: `No worker took the job: its message was given up ${maxRedrives + 1} times.`,
        retryable: true,
      },
    });
    expect(await edge.log(job)).toEqual(["job.queued", "job.failed"]);
    expect(await edge.messages(job.id)).toHaveLength(1 + maxRedrives);
    expect(await edge.sql("SELECT * FROM outbox WHERE job_id = ?", job.id)).toEqual([]);
    expect((await edge.claim(job)).json).toEqual({ outcome: "not_yours", reason: "finished" });
    await until(
      async () => receiver.received,
      (received) => received.length === 1,
    );
    expect(tally(await die(job))).toMatchObject({ failed: 1, settled: 1 });
    await receiver.close();
  });

  it("is counted from 0 again once a worker has claimed it", async () => {
    const job = await edge.newJob(key);
    for (let time = 1; time <= maxRedrives; time++) await die(job);
    await edge.claim(job);
    await edge.release(job, 1);
    expect(tally(await die(job))).toEqual({ redriven: maxRedrives + 1 });
    expect(await edge.status(job)).toMatchObject({ status: "queued" });
  });

  it("is not changed if a worker holds it or it has ended", async () => {
    const held = await edge.newJob(key);
    await edge.claim(held);
    const done = await edge.newFilm(key);
    expect([await die(held), await die(done)]).toEqual([["settled"], ["settled"]]);
    expect(await edge.status(held)).toMatchObject({ status: "processing", attempt: 1 });
    expect(await edge.status(done)).toMatchObject({ status: "completed" });
    expect(await edge.messages(held.id, done.id)).toHaveLength(2);
  });

  it("ends or is sent anew, 50 of 50", async () => {
    const jobs = await atOnce(50, () => edge.newJob(key));
    await Promise.all(jobs.map((job) => edge.giveUp(say(job.id))));
    const ids = jobs.map(({ id }) => id);
    const sent = await until(
      () => edge.messages(...ids),
      (messages) => messages.length >= 100,
    );
    expect(tally(sent.map(({ job_id }) => job_id))).toEqual(Object.fromEntries(ids.map((id) => [id, 2])));
  });
});

describe("an unreadable message", () => {
  const strange: [string, string, "json" | "text" | "bytes"][] = [
    ["is no JSON", "{", "text"],
    ["is not text", "\u0000\u00ff\ufffd", "bytes"],
    ["is of another version", '{"v":2,"job_id":"job_x"}', "json"],
    ["names no job", '{"v":1}', "json"],
    ["names a job by a number", '{"v":1,"job_id":7}', "json"],
    ["is null", "null", "json"],
    ["is as large as a queue takes", JSON.stringify("x".repeat(127_000)), "json"],
    ["holds half a character", '"\\ud83d"', "json"],
  ];

  it.each(strange)("%s: is stored, cut, and acked", async (_, body, contentType) => {
    const before = await letters();
    await edge.giveUp(body, contentType);
    const after = await until(letters, (rows) => rows.length > before.length);
    const known = new Set(before.map(({ id }) => id));
    const [row] = after.filter(({ id }) => !known.has(id));
    expect(row).toMatchObject({ job_id: null, outcome: "unreadable" });
    expect(row?.excerpt.length).toBeLessThanOrEqual(500);
  });

  it("is shown to the operator", async () => {
    const answer = await edge.call<{ data: { outcome: string; excerpt: string }[] }>(
      "GET",
      "/admin/dead-letters?limit=3",
      { key: secrets.ADMIN_KEY },
    );
    expect(answer.json.data.map(({ outcome }) => outcome)).toEqual(Array(3).fill("unreadable"));
    expect((await edge.call("GET", "/admin/dead-letters", { key })).status).toBe(401);
  });

  it("differs from a message about a job that does not exist", async () => {
    expect(await die({ id: "job_of_nobody" })).toEqual(["unknown"]);
  });

  it("is kept for a limited time, up to a limited number", async () => {
    await edge.sql(
      `INSERT INTO dead_letters (id, outcome, excerpt, at)
       SELECT 'old' || value, 'unreadable', '', 1 FROM json_each(?)
       UNION ALL SELECT 'new' || value, 'unreadable', '', ? + value FROM json_each(?)`,
      JSON.stringify([1, 2, 3]),
      Date.now() + 1_000,
      JSON.stringify(Array.from({ length: limits.deadLetters + 200 }, (_, place) => place)),
    );
    await edge.sweep();
    const left = await letters();
    expect(left).toHaveLength(limits.deadLetters);
    expect(left.every(({ id }) => id.startsWith("new"))).toBe(true);
  });
});
