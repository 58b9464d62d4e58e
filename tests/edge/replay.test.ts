/** Workers number their messages, and the edge stores a window of numbers for each sender and no message. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { signatureToleranceSeconds } from "../../contract/limits.ts";
import type { Problem } from "../../contract/problem.ts";
import { sequencedId } from "../../contract/signature.ts";
import { seeded, seedOfRun } from "../seeded.ts";
import { atOnce, type Edge, type Job, startEdge, tally } from "./harness.ts";

let edge: Edge;
let key: string;
beforeAll(async () => {
  edge = await startEdge();
  key = (await edge.newKey()).key;
});
afterAll(() => edge.close());

const newSender = () => `${randomUUID().replaceAll("-", "")}0`;
const newClaim = (job: Pick<Job, "id">, queue: string | null = null) => ({
  ...{ job_id: job.id, claim_id: randomUUID(), worker_id: "w", queue },
});
const heartbeat = (job: Job) => ({
  ...{
    job_id: job.id,
    attempt: 1,
    stage: "scenes",
    progress: 1,
    scenes_total: 1,
    scenes_ready: 0,
    cost_usd: 0,
  },
  events: [],
});
const say = (job: Pick<Job, "id">, verb: string, body: object, id: string) =>
  edge.report<Problem>(`/internal/jobs/${job.id}/${verb}`, body, { id });
const codes = (answers: { status: number; json: Problem }[]) =>
  tally(answers.map(({ status, json }) => json.code ?? status));
const stateOf = async (job: Job) =>
  (await edge.sql("SELECT status, attempt FROM jobs WHERE id = ?", job.id))[0];

it("leaves no row a message: the rows of a worker's process do not grow, however many films it makes", async () => {
  await edge.sql("DELETE FROM senders");
  const rows: unknown[] = [];
  for (let film = 0; film < 3; film++) {
    const job = await edge.newJob(key);
    await edge.claim(job);
    for (let i = 0; i < 15; i++) await edge.progress(job, 1, { progress: i });
    await edge.putFilm(job, 1);
    expect((await edge.complete(job, 1)).status).toBe(200);
    rows.push(
      ...(await edge.sql("SELECT (SELECT COUNT(*) FROM nonces) AS nonces, COUNT(*) AS senders FROM senders")),
    );
  }
  expect(rows).toEqual(Array(3).fill({ nonces: 0, senders: 16 }));
});

it("takes messages in whatever order they come, and of each two copies one acts", async () => {
  const random = seeded(seedOfRun);
  const job = await edge.newJob(key);
  await edge.claim(job);
  const sender = newSender();
  const numbers = Array.from({ length: 60 }, (_, i) => i + 1);
  const shuffled = [...numbers, ...numbers].sort(() => random() - 0.5);
  const answers = await Promise.all(
    shuffled.map((number) => say(job, "progress", heartbeat(job), sequencedId({ sender, number }))),
  );
  expect(codes(answers), `SEED=${seedOfRun}`).toEqual({ 200: 60, "signature.replayed": 60 });
  const again = await atOnce(60, (index) =>
    say(job, "progress", heartbeat(job), sequencedId({ sender, number: index + 1 })),
  );
  expect(codes(again)).toEqual({ "signature.replayed": 60 });
});

it("takes one that 62 others have overtaken, once, and refuses one that 63 have overtaken", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  const sender = newSender();
  const send = async (number: number) =>
    (await say(job, "progress", heartbeat(job), sequencedId({ sender, number }))).json.code ?? "ok";
  expect(await send(100)).toBe("ok");
  expect([await send(38), await send(38)]).toEqual(["ok", "signature.replayed"]);
  expect(await send(37)).toBe("signature.replayed");
  // Each step of the window: a seen number stays seen as the numbers grow, also far beyond the window.
  for (const next of [101, 162, 163, 1_000_000]) {
    expect([await send(next), await send(next), await send(100)]).toEqual([
      ...["ok", "signature.replayed", "signature.replayed"],
    ]);
  }
  expect([await send(999_999), await send(999_999)]).toEqual(["ok", "signature.replayed"]);
});

it("never starts an attempt by a claim that was sent before, whatever its result was", async () => {
  const job = await edge.newJob(key);
  const claim = newClaim(job);
  const sender = newSender();
  const ids = [1, 2].map((number) => sequencedId({ sender, number })) as [string, string];
  expect((await say(job, "claim", claim, ids[0])).status).toBe(200);
  expect((await say(job, "claim", newClaim(job), ids[1])).json).toMatchObject({ outcome: "not_yours" });
  await edge.release(job, 1);
  // Both would get a queued job now: the claim whose attempt is over, and the claim that got no job.
  const other = newClaim(job);
  for (const [body, id] of [
    [claim, ids[0]],
    [other, ids[1]],
  ] as const) {
    expect((await say(job, "claim", body, id)).json).toMatchObject({ code: "signature.replayed" });
  }
  expect(await stateOf(job)).toEqual({ status: "queued", attempt: 1 });
  // The worker itself repeats the claim under a new number.
  const answers = await atOnce(10, (index) =>
    say(job, "claim", other, sequencedId({ sender, number: index + 3 })),
  );
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
  expect(await stateOf(job)).toEqual({ status: "processing", attempt: 2 });
});

it("forgets a sender once none of its messages can be accepted again, and not before", async () => {
  const job = await edge.newJob(key);
  await edge.claim(job);
  const [old, recent] = [newSender(), newSender()];
  const send = (sender: string) => say(job, "progress", heartbeat(job), sequencedId({ sender, number: 1 }));
  await Promise.all([send(old), send(recent)]);
  const age = (sender: string, seconds: number) =>
    edge.sql("UPDATE senders SET seen_at = ? WHERE id = ?", Date.now() - seconds * 1000, sender);
  await age(old, 2 * signatureToleranceSeconds + 1);
  await age(recent, 2 * signatureToleranceSeconds - 60);
  await edge.sweep();
  const left = await edge.sql<{ id: string }>("SELECT id FROM senders WHERE id IN (?, ?)", old, recent);
  expect(left).toEqual([{ id: recent }]);
  expect((await send(recent)).json).toMatchObject({ code: "signature.replayed" });
});
