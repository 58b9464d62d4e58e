import { describe, expect, it } from "vitest";
import { leaseSeconds } from "../../contract/limits.ts";
import { atOnce } from "./harness.ts";
import { useEdge } from "./use-edge.ts";

const { edge, key } = await useEdge();

describe("a progress report", () => {
  it("changes the status and renews the lease", async () => {
    const job = await edge.newJob(key);
    await edge.claim(job);
    await edge.lapse(job);
    const answer = await edge.progress(job, 1, { progress: 40, scenes_ready: 1, cost_usd: 0.0123 });
    expect(answer.json).toEqual({ lease_ms: leaseSeconds * 1000, watched: false, asks_for_reports: true });
    expect(Number((await edge.row(job))?.lease_expires_at)).toBeGreaterThan(Date.now() + 20_000);
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
