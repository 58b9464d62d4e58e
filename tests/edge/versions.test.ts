/**
 * A deploy replaces the edge before the workers, and machines one after the other: for a while a worker of the version
 * before talks to the edge of this one, or the other way round. Messages only ever grow by fields with a default.
 */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { filmKey, filmUrl } from "../../contract/storage.ts";
import { atOnce, type Edge, startEdge, tally } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

/** What workers said before there were turns, charges and lists of assets. */
const first = {
  claim: () => ({ claim_id: randomUUID(), worker_id: "old" }),
  progress: {
    ...{ attempt: 1, stage: "scenes", progress: 40, scenes_total: 3, scenes_ready: 1, cost_usd: 0.01 },
    events: [{ n: 1, event: { type: "scene.voice", data: { scene: 0, seconds: 1, reused: false } } }],
  },
  release: { attempt: 1, reason: "shutdown", code: "worker.shutdown", message: "stops", delay_seconds: 0 },
  complete: {
    status: "completed",
    metadata: { duration: 30, scenes: 3, cost: 0.02 },
    error: null,
  },
};
/** What a version after this one may add. */
const later = { a_field_of_tomorrow: { of: ["any", "shape"] } };

it.each([
  ["an older worker's", {}],
  ["a newer worker's", later],
])(
  "%s jobs are done, 100 of 100",
  async (_, more) => {
    const statuses = await atOnce(100, async () => {
      const job = await edge.newJob(key);
      const say = (verb: string, said: object) =>
        edge.report<{ attempt: number }>(`/internal/jobs/${job.id}/${verb}`, {
          job_id: job.id,
          ...said,
          ...more,
        });
      expect((await say("claim", first.claim())).json).toMatchObject({ outcome: "claimed", attempt: 1 });
      expect((await say("progress", first.progress)).status).toBe(200);
      expect((await say("release", first.release)).status).toBe(204);
      const { attempt } = (await say("claim", first.claim())).json;
      await edge.media.put(filmKey(job.dreamId, job.id, attempt, "film.mp4"), "film");
      const ended = await edge.report(`/dreams/${job.dreamId}/video-complete`, {
        job_id: job.id,
        attempt,
        video_url: filmUrl(edge.url.href, job.dreamId, job.id, attempt),
        ...first.complete,
        ...more,
      });
      expect(ended.status).toBe(200);
      return (await edge.status(job)).status ?? "none";
    });
    expect(tally(statuses)).toEqual({ completed: 100 });
  },
  60_000,
);
