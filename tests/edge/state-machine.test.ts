/** Compares the life of a job in `contract/job.ts` with the SQL that decides it. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { isTerminal, type JobAction, type JobStatus, transition } from "../../contract/job.ts";
import { seeded, seedOfRun } from "../seeded.ts";
import { atOnce, type Edge, type Job, startEdge, tally } from "./harness.ts";

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
const failure = { status: "failed" as const, video_url: null, metadata: null, error: "it cannot be made" };
const cancel = (job: Job) => edge.call("POST", `/dreams/${job.did}/cancel`, { key });

/** How to cause each action. `attempt`: the number of the newest attempt, 0 before the first. */
const acts: Record<JobAction, (job: Job, attempt: number) => Promise<unknown>> = {
  claim: (job) => edge.claim(job),
  release: (job, attempt) => edge.release(job, Math.max(attempt, 1)),
  complete: async (job, attempt) => {
    await edge.putFilm(job, attempt);
    await edge.complete(job, Math.max(attempt, 1));
  },
  fail: (job, attempt) => edge.complete(job, Math.max(attempt, 1), failure),
  cancel: (job) => cancel(job),
  pause: (job, attempt) => edge.pause(job, Math.max(attempt, 1)),
  approve: (job) => edge.approve(job, 1),
  expire: async (job) => {
    await edge.sql("UPDATE jobs SET expires_at = ?, is_expiry_told = 1 WHERE id = ?", Date.now() - 1, job.id);
    await edge.sweep();
  },
};

const actions = Object.keys(acts) as JobAction[];
/** How to bring a new job into each state. */
const ways: Record<JobStatus, JobAction[]> = {
  queued: [],
  processing: ["claim"],
  completed: ["claim", "complete"],
  failed: ["claim", "fail"],
  cancelled: ["cancel"],
  waiting: ["claim", "pause"],
  expired: ["claim", "pause", "expire"],
};

/** Causes the action, and compares the job with the model. */
async function step(job: Job, action: JobAction): Promise<void> {
  const before = await stateOf(job);
  await acts[action](job, before.attempt);
  const after = await stateOf(job);
  // A queued job fails only when its attempts are used up: no worker can cause that, only the sweep.
  const expected = action === "fail" && before.status === "queued" ? null : transition(before.status, action);
  expect(`${action}: ${before.status} -> ${after.status}`).toBe(
    `${action}: ${before.status} -> ${expected ?? before.status}`,
  );
  expect(after.attempt - before.attempt).toBe(action === "claim" && expected !== null ? 1 : 0);
}

describe("a job", () => {
  it.each(Object.entries(ways))("that is %s changes only as in the model", async (_, way) => {
    for (const action of actions) {
      const job = await edge.newJob(key);
      for (const before of way) await step(job, before);
      await step(job, action);
    }
  });

  it(`changes only as in the model on random walks (SEED=${seedOfRun})`, async () => {
    const random = seeded(seedOfRun);
    for (let walk = 0; walk < 6; walk++) {
      const job = await edge.newJob(key);
      for (let i = 0; i < 10; i++)
        await step(job, actions[Math.floor(random() * actions.length)] as JobAction);
    }
  });

  it("gets one end, and its log has that one, when everything happens to it at once", async () => {
    const jobs = await atOnce(10, () => edge.newJob(key));
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
    expect(Object.values(tally(ends)).reduce((sum, count) => sum + count, 0)).toBe(10);
  });
});
