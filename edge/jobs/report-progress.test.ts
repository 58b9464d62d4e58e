/** What becomes of a newer worker's events, over the edge's real D1. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { ProgressReport } from "../../contract/report.ts";
import { type Edge, startEdge } from "../../tests/edge/harness.ts";
import { listen } from "../../tests/edge/listen.ts";
import type { Env } from "../env.ts";
import { openPrimary } from "../store/open.ts";
import { reportProgress } from "./report-progress.ts";

const env = {
  CHANNELS: { getByName: () => ({ notify: async () => {} }) },
  LEASES: { getByName: () => ({ watch: async (byMs: number) => byMs }) },
} as unknown as Env;
let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

it("calls the dream's channel only while it has listeners, and tells the worker", async () => {
  const { key } = await edge.newKey();
  const job = await edge.newJob(key);
  await edge.claim(job);
  const notices: unknown[] = [];
  const channels = { getByName: () => ({ notify: async (notice: unknown) => void notices.push(notice) }) };
  const report = ProgressReport.parse({
    ...{ attempt: 1, stage: "scenes", progress: 40, scenes_total: 3, scenes_ready: 1, cost_usd: 0.01 },
    events: [],
  });
  const context = {
    env: { ...env, CHANNELS: channels } as unknown as Env,
    session: openPrimary(edge.d1),
    now: Date.now,
    defer: () => {},
  };
  const send = () => {
    const nonce = { id: randomUUID(), takenBy: randomUUID() };
    return reportProgress(context, { jobId: job.id, dreamId: null, attempt: 1, nonce }, report);
  };
  expect((await send()).watched).toBe(false);
  expect(notices).toEqual([]);
  const heard = await listen(new URL(`/dreams/${job.did}/video-events`, edge.url), {
    headers: { authorization: `Bearer ${key}` },
    enough: () => true,
  });
  expect(heard.frames).not.toEqual([]);
  expect((await send()).watched).toBe(true);
  expect(notices).toMatchObject([{ dreamId: job.dreamId, live: { progress: 40 } }]);
  await edge.sql("UPDATE dreams SET watched_until = ? WHERE id = ?", Date.now() - 1, job.dreamId);
  expect((await send()).watched).toBe(false);
  expect(notices).toHaveLength(1);
});

it("logs once a job that events are dropped which it cannot read, and stores the others", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const { key } = await edge.newKey();
  const jobs = [await edge.newJob(key), await edge.newJob(key)];
  for (const job of jobs) {
    await edge.claim(job);
    for (const n of [1, 3]) {
      const report = ProgressReport.parse({
        ...{ attempt: 1, stage: "scenes", progress: 40, scenes_total: 3, scenes_ready: 1, cost_usd: 0.01 },
        events: [
          { n, event: { type: "an_event_of_tomorrow", data: {} } },
          { n: n + 1, event: { type: "job.warning", data: { code: "c", message: "m", scene: null } } },
        ],
      });
      const nonce = { id: randomUUID(), takenBy: randomUUID() };
      const ref = { jobId: job.id, dreamId: null, attempt: 1, nonce };
      const context = { env, session: openPrimary(edge.d1), now: Date.now, defer: () => {} };
      await reportProgress(context, ref, report);
    }
    expect(await edge.log(job)).toEqual(["job.queued", "job.started", "job.warning", "job.warning"]);
  }
  const logged = warn.mock.calls.map(([line]) => JSON.parse(line as string));
  warn.mockRestore();
  expect(logged).toEqual(
    jobs.map(({ id }) => ({ event: "report.events_dropped", job_id: id, attempt: 1, dropped: 1 })),
  );
});
