/** No sweep runs here: the alarm at the lease's end requeues the job, in real time. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { heartbeatSeconds, leaseSeconds, maxFailedAttempts } from "../../contract/limits.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, type Job, startEdge } from "./harness.ts";
import { listen } from "./listen.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge({}, { fresh: true });
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

/** The time from `sinceMs` until the job had this status, in milliseconds. */
const untilStatus = (job: Job, status: string, sinceMs: number) =>
  until(
    async () => (await edge.status(job)).status,
    (now) => now === status,
  ).then(() => Date.now() - sinceMs);

/** The alarm comes within a second of the lease's end; the rest is for a machine under load. */
const mostMs = leaseSeconds * 1000 + 30_000;

describe("the end of a lease", () => {
  it("requeues a dead worker's job within seconds, and leaves a running worker's job unchanged", async () => {
    const [dead, doomed, living] = (await atOnce(3, () => edge.newJob(key))) as [Job, Job, Job];
    const over = new AbortController();
    await edge.claim(living);
    const beating = beat(living, over.signal);
    await edge.claim(doomed);
    await edge.sql("UPDATE jobs SET failed_attempts = ? WHERE id = ?", maxFailedAttempts - 1, doomed.id);
    await edge.claim(dead);
    const silentSinceMs = Date.now();
    const heard = listen(new URL(`/dreams/${dead.did}/video-events`, edge.url), {
      headers: { authorization: `Bearer ${key}` },
      enough: ({ frames }) => frames.some(({ event }) => event === "job.retrying"),
    });

    const waits = await Promise.all([
      untilStatus(dead, "queued", silentSinceMs),
      untilStatus(doomed, "failed", silentSinceMs),
    ]);
    for (const waitedMs of waits) {
      expect(waitedMs).toBeGreaterThan(leaseSeconds * 1000 - 2_000);
      expect(waitedMs).toBeLessThan(mostMs);
    }
    expect(await edge.messages(dead.id)).toHaveLength(2);
    expect(await edge.messages(doomed.id)).toHaveLength(1);
    expect((await heard).frames.map(({ event }) => event)).toContain("job.retrying");
    expect((await edge.claim(dead)).json).toMatchObject({ outcome: "claimed", attempt: 2 });

    over.abort();
    await beating;
    expect(await edge.status(living)).toMatchObject({ status: "processing", attempt: 1 });
    // It renewed its lease until now, so a second alarm has to find it.
    const silentAgainMs = Date.now();
    expect(await untilStatus(living, "queued", silentAgainMs)).toBeLessThan(mostMs);
  }, 240_000);
});

async function beat(job: Job, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    expect((await edge.progress(job, 1)).status).toBe(200);
    await sleep(heartbeatSeconds * 1000, undefined, { signal }).catch(() => {});
  }
}
