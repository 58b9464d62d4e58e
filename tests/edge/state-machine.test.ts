/** The life of a job as `contract/job.ts` states it, walked against the SQL that decides it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isTerminal, type JobAction, type JobStatus, transition } from "../../contract/job.ts";
import { atOnce, type Edge, type Job, startEdge, tally } from "./harness.ts";
import { randomOf } from "./random-of.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const stateOf = async (job: Job) => {
  const [row] = await edge.sql<{ status: JobStatus; attempt: number }>(
    "SELECT status, attempt FROM jobs WHERE id = ?",
    job.id,
  );
  if (row === undefined) throw new Error(`no job ${job.id}`);
  return row;
};
const failure = { status: "failed" as const, video_url: null, metadata: null, error: "it can not be" };
const cancel = (job: Job) => edge.call("POST", `/dreams/${job.did}/cancel`, { key });

/** How each action comes about; `attempt` is the newest one's number, 0 before the first. */
const acts: Record<JobAction, (job: Job, attempt: number) => Promise<unknown>> = {
  claim: (job) => edge.claim(job),
  release: (job, attempt) => edge.release(job, Math.max(attempt, 1)),
  complete: async (job, attempt) => {
    await edge.putFilm(job, attempt);
    await edge.complete(job, Math.max(attempt, 1));
  },
  fail: (job, attempt) => edge.complete(job, Math.max(attempt, 1), failure),
  cancel: (job) => cancel(job),
};

describe("a job", () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);

  it(`goes only where the model goes, whatever is asked of it (SEED=${seed})`, async () => {
    const random = randomOf(seed);
    const actions = Object.keys(acts) as JobAction[];
    const seen = new Set<string>();
    for (let walk = 0; walk < 16; walk++) {
      const job = await edge.newJob(key);
      for (let step = 0; step < 10; step++) {
        const before = await stateOf(job);
        // Only a job that is held can fail; a queued one fails when its attempts are used up, which the sweep decides.
        const legal = actions.filter((action) => action !== "fail" || before.status !== "queued");
        const action = legal[Math.floor(random() * legal.length)] as JobAction;
        await acts[action](job, before.attempt);
        const after = await stateOf(job);
        expect(`${action}: ${before.status} -> ${after.status}`).toBe(
          `${action}: ${before.status} -> ${transition(before.status, action) ?? before.status}`,
        );
        expect(after.attempt - before.attempt).toBe(action === "claim" && before.status === "queued" ? 1 : 0);
        seen.add(`${before.status} ${action}`);
      }
    }
    for (const walked of ["queued claim", "processing release", "processing complete", "cancelled claim"]) {
      expect([...seen]).toContain(walked);
    }
  }, 120_000);

  it("comes to one end, and its log tells that one, when everything happens to it at once", async () => {
    const jobs = await atOnce(30, () => edge.newJob(key));
    for (const job of jobs) {
      await edge.claim(job);
      await edge.putFilm(job, 1);
    }
    await Promise.all(
      jobs.flatMap((job) => [
        cancel(job),
        edge.complete(job, 1),
        edge.complete(job, 1, failure),
        edge.progress(job, 1),
        edge.claim(job),
        edge.sweep(),
      ]),
    );
    const ends: string[] = [];
    for (const job of jobs) {
      const { status } = await stateOf(job);
      expect(isTerminal(status)).toBe(true);
      expect(await edge.log(job)).toEqual(["job.queued", "job.started", `job.${status}`]);
      expect((await edge.status(job)).status).toBe(status);
      const dream = await edge.call<{ video_status: string }>("GET", `/dreams/${job.did}`, { key });
      expect(dream.json.video_status).toBe(status);
      ends.push(status);
    }
    expect(Object.values(tally(ends)).reduce((sum, count) => sum + count, 0)).toBe(30);
  }, 60_000);
});
