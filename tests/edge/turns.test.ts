/** Which job is next: owners take turns, and a message is a token for the job whose turn it is. */
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Segment, UploadUrl } from "../../contract/segment.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, startEdge } from "./harness.ts";

let edge: Edge;
beforeEach(async () => {
  edge = await startEdge();
});
afterEach(() => edge.close());

const owner = async (name: string, tier: "standard" | "premium" = "standard") =>
  (await edge.newKey(name, tier)).key;
const jobsOf = async (key: string, count: number, options: object = {}) => {
  const jobs: Job[] = [];
  for (let i = 0; i < count; i++) jobs.push(await edge.newJob(key, options));
  return jobs;
};
/** Tells a dream in so many parts. Gives the ids of their jobs. */
async function tell(key: string, parts: number): Promise<string[]> {
  const did = await edge.newDream(key, "");
  const ids: string[] = [];
  for (let order = 0; order < parts; order++) {
    const segment = { segment_id: `part-${order}` };
    const file = { ...segment, content_type: "audio/wav", content_length: 4 };
    const { json } = await edge.call<UploadUrl>("POST", `/dreams/${did}/upload-url`, { key, body: file });
    await edge.media.put(json.key, "wave", { httpMetadata: { contentType: "audio/wav" } });
    const body = { ...segment, order, key: json.key };
    const posted = await edge.call<Segment>("POST", `/dreams/${did}/segments`, { key, body });
    ids.push(posted.json.job_id as string);
  }
  return ids;
}
/** What a worker does with a message: it claims a job of the message's queue. */
const useToken = async (job: Pick<Job, "id">, queue = "standard", claim_id: string = randomUUID()) => {
  const body = { job_id: job.id, claim_id, worker_id: "worker-1", queue };
  return (
    await edge.report<{ outcome: string; job_id?: string; reason?: string }>(
      `/internal/jobs/${job.id}/claim`,
      body,
    )
  ).json;
};
const served = async (tokens: readonly Job[], queue = "standard") => {
  const ids: (string | undefined)[] = [];
  for (const token of tokens) ids.push((await useToken(token, queue)).job_id);
  return ids;
};

describe("owners take turns", () => {
  it("one job waits for one of another's many, and many for no other owner's", async () => {
    const many = await jobsOf(await owner("many"), 8);
    const first = await served(many.slice(0, 3));
    expect(first).toEqual(many.slice(0, 3).map(({ id }) => id));
    const [single] = await jobsOf(await owner("few"), 1);
    const next = await served(many.slice(3, 6));
    expect(next.indexOf(single?.id)).toBeGreaterThanOrEqual(0);
    expect(next.indexOf(single?.id)).toBeLessThanOrEqual(1);
  });

  it("an owner with one job at a time gets no more than its share", async () => {
    const many = await jobsOf(await owner("many"), 8);
    const eager = await owner("eager");
    let [waiting] = await jobsOf(eager, 1);
    const order: string[] = [];
    for (let i = 0; i < 8; i++) {
      const { job_id } = await useToken(many[i] as Job);
      order.push(job_id === waiting?.id ? "eager" : "many");
      if (job_id === waiting?.id) [waiting] = await jobsOf(eager, 1);
    }
    expect(order.filter((who) => who === "eager").length).toBeGreaterThanOrEqual(3);
    expect(order.filter((who) => who === "eager").length).toBeLessThanOrEqual(4);
  });

  it("a cancelled job takes no turn", async () => {
    const regretful = await owner("regretful");
    const cancelled = await jobsOf(regretful, 5);
    for (const { did } of cancelled) await edge.call("POST", `/dreams/${did}/cancel`, { key: regretful });
    const others = await jobsOf(await owner("others"), 3);
    const [again] = await jobsOf(regretful, 1);
    const order = await served(others.slice(0, 2));
    expect(order).toContain(again?.id);
  });
});

describe("the parts of a told dream", () => {
  it("are transcribed before the films of their owner and of others", async () => {
    const [ada, bob] = [await owner("ada"), await owner("bob")];
    const films = [...(await jobsOf(ada, 3)), ...(await jobsOf(bob, 1))];
    const parts = await tell(ada, 3);
    expect(await served(films.slice(0, 3))).toEqual(parts);
  });

  it("beyond the first ones alternate with the films of other owners", async () => {
    const films = await jobsOf(await owner("ada"), 2);
    const parts = await tell(await owner("bob"), 36);
    const tokens = [...films, ...parts.map((id) => ({ id }))] as Job[];
    const order = (await served(tokens)).map((id) => (parts.includes(id as string) ? "part" : "film"));
    expect(order.indexOf("film")).toBe(16);
    expect(order.lastIndexOf("film")).toBe(33);
  });

  it("do not delay the owner's next film", async () => {
    const bob = await owner("bob");
    const parts = await tell(bob, 3);
    await served(parts.map((id) => ({ id })) as Job[]);
    const others = await jobsOf(await owner("ada"), 3);
    const [film] = (await jobsOf(bob, 1)) as [Job];
    expect((await served(others)).indexOf(film.id)).toBe(1);
  });
});

describe("a token", () => {
  it("of a job that another token took gets another job", async () => {
    const [a, b] = (await jobsOf(await owner("ada"), 2)) as [Job, Job];
    expect((await useToken(b)).job_id).toBe(a.id);
    expect((await useToken(a)).job_id).toBe(b.id);
    expect(await useToken(a)).toEqual({ outcome: "not_yours", reason: "leased" });
  });

  it("that is used again by the same claim gets the same job and attempt", async () => {
    const [a, b] = (await jobsOf(await owner("ada"), 2)) as [Job, Job];
    const claimId = randomUUID();
    const first = await useToken(b, "standard", claimId);
    expect(await useToken(b, "standard", claimId)).toEqual(first);
    expect(first).toMatchObject({ job_id: a.id, attempt: 1 });
    expect(await edge.status(b)).toMatchObject({ status: "queued" });
  });

  it("gets no job that may not run yet, not even that job's own", async () => {
    const [a] = (await jobsOf(await owner("ada"), 1)) as [Job];
    await useToken(a);
    await edge.release(a, 1, { reason: "outage", delay_seconds: 60 });
    const [b] = (await jobsOf(await owner("bob"), 1)) as [Job];
    expect((await useToken(b)).job_id).toBe(b.id);
    expect(await useToken(b)).toMatchObject({ outcome: "not_yours" });
    expect(await useToken(a)).toMatchObject({ outcome: "not_yours" });
  });

  it("gives jobs of its own queue only", async () => {
    const [standard] = await jobsOf(await owner("ada"), 1);
    const [premium] = (await jobsOf(await owner("bob", "premium"), 1, { priority: "premium" })) as [Job];
    expect((await useToken(premium, "premium")).job_id).toBe(premium.id);
    expect(await useToken(premium, "premium")).toMatchObject({ outcome: "not_yours" });
    expect((await useToken(premium, "standard")).job_id).toBe(standard?.id);
  });

  it("exists for every job that waits, however many are used at once", async () => {
    const jobs = [
      ...(await jobsOf(await owner("ada"), 6)),
      ...(await jobsOf(await owner("bob"), 1)),
      ...(await jobsOf(await owner("cy"), 3)),
    ];
    const ids = jobs.map(({ id }) => id);
    const tokens = await until(
      () => edge.messages(...ids),
      (sent) => sent.length === ids.length,
    );
    const answers = await atOnce(tokens.length, (i) => useToken({ id: tokens[i]?.job_id as string }));
    expect(answers.map(({ job_id }) => job_id).sort()).toEqual(ids.sort());
    const promised = await edge.sql("SELECT job_id FROM outbox");
    expect(promised).toEqual([]);
  });
});

describe("the place in the queue", () => {
  it("is in the status while a job waits, with an estimate of its wait", async () => {
    const key = await owner("ada");
    const jobs = await jobsOf(key, 3);
    const positions = async () =>
      Promise.all(jobs.map(async (job) => (await edge.status(job)).queue_position));
    expect(await positions()).toEqual([0, 1, 2]);
    await useToken(jobs[0] as Job);
    expect(await positions()).toEqual([null, 0, 1]);
    await edge.sql(
      `INSERT INTO paces (job_id, is_redo, scenes, scenes_seconds, other_seconds, at)
       SELECT 'p' || value, 0, 5, 40, 20, 1 FROM json_each('[1,2,3,4,5]')`,
    );
    await edge.report("/internal/workers/w1/sign-of-life", {
      worker_id: "w1",
      region: "fra",
      version: "1",
      slots: 1,
      leaving: false,
    });
    const [, second, third] = await Promise.all(jobs.map((job) => edge.status(job)));
    // One busy slot: half of another film, then the job's own film; for the third one film more.
    expect(second?.eta_seconds).toBe(90);
    expect(third?.eta_seconds).toBe(150);
    expect(third?.eta_error_seconds ?? 0).toBeGreaterThan(second?.eta_error_seconds ?? 0);
  });
});
