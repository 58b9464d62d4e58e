import { afterAll, beforeAll, expect, it } from "vitest";
import { type Edge, startEdge } from "./harness.ts";

let edge: Edge;
beforeAll(async () => {
  edge = await startEdge();
});
afterAll(() => edge.close());

it("a job has an estimate of its remaining time, once there are finished films to measure", async () => {
  const owner = (await edge.newKey()).key;
  const before = await edge.newJob(owner);
  await edge.claim(before);
  await edge.progress(before, 1, { progress: 0 });
  expect((await edge.status(before)).eta_seconds).toBeNull();
  await edge.putFilm(before, 1);
  const timings = { storyboard: 2, first_scene: 8, scenes: 30, film: 3, publish: 5 };
  await edge.complete(before, 1, { metadata: { duration: 30, scenes: 3, cost: 0.1, timings } });
  const job = await edge.newJob(owner);
  // 40 for a film like the one before, and 15 since the pool is asleep.
  expect((await edge.status(job)).eta_seconds).toBe(55);
  await edge.claim(job);
  await edge.progress(job, 1, { progress: 0, scenes_total: 6 });
  expect(await edge.status(job)).toMatchObject({ eta_seconds: 70, eta_error_seconds: 35 });
  await edge.putFilm(job, 1);
  await edge.complete(job, 1);
  expect((await edge.status(job)).eta_seconds).toBeNull();

  const waiting = await edge.newJob(owner);
  expect((await edge.status(waiting)).eta_seconds).toBe(55);
  await edge.sql("UPDATE jobs SET created_at = created_at - 31000 WHERE id = ?", waiting.id);
  expect(await edge.status(waiting), "no machine has started").toMatchObject({
    ...{ eta_seconds: null, has_no_machine: true },
  });
});

it("gives no time for a job that waits for a machine that was killed, and says that none runs", async () => {
  const owner = (await edge.newKey()).key;
  await edge.report("/internal/workers/w/sign-of-life", {
    ...{ worker_id: "w", region: "ams", version: "1", slots: 2, leaving: false, every_seconds: 45 },
  });
  const waiting = await edge.newJob(owner);
  await edge.sql("UPDATE jobs SET created_at = created_at - 31000 WHERE id = ?", waiting.id);
  expect(await edge.status(waiting)).toMatchObject({ eta_seconds: 40, has_no_machine: false });
  // As the end of its connection does it.
  await edge.sql("UPDATE workers SET gone_at = ?", Date.now());
  expect(await edge.status(waiting)).toMatchObject({ eta_seconds: null, has_no_machine: true });
  await edge.sql("UPDATE jobs SET created_at = created_at + 31000 WHERE id = ?", waiting.id);
  // One starts within seconds.
  expect(await edge.status(waiting)).toMatchObject({ eta_seconds: 55, has_no_machine: false });
});
