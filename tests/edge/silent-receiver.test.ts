/** One receiver accepts connections and never answers, with more messages than a run can try at once. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { maxFailedAttempts } from "../../contract/limits.ts";
import type { WebhookMade } from "../../contract/webhook.ts";
import { until } from "../until.ts";
import { type Edge, type Job, startEdge } from "./harness.ts";
import { type Receiver, startReceiver } from "./receive.ts";

const messages = 12;

let edge: Edge;
let silent: Receiver;
let receiver: Receiver;
let pool: Receiver;
beforeAll(async () => {
  [silent, receiver, pool] = await Promise.all([startReceiver(), startReceiver(), startReceiver()]);
  edge = await startEdge({ WORKER_WAKE_URL: `${pool.url}/wake` });
});
afterAll(async () => {
  await Promise.all([silent.close(), receiver.close(), pool.close()]);
  await edge.close();
});
/**
 * Tries of this test's messages that ended without an answer. None has while what they must not delay
 * happens.
 */
let givenUp: number;
/**
 * The path of this test's webhook: the messages of the test before are tried for as long as the edge runs.
 */
let path = "/0";
beforeEach(() => {
  givenUp = 0;
  path = `/${Number(path.slice(1)) + 1}`;
  silent.answer = (response, request) =>
    response.on("close", () => {
      if (request.path === path) givenUp++;
    });
  for (const one of [silent, receiver, pool]) one.received.length = 0;
});

/** A webhook to `url` with messages that are due. They are tried when the edge next has a reason to look. */
async function newHook(key: string, url: string, count: number): Promise<void> {
  const { id } = (await edge.call<WebhookMade>("POST", "/webhooks", { key, body: { url } })).json;
  await edge.sql(
    `INSERT INTO deliveries (id, webhook_id, job_id, type, body, status, due_at, created_at)
     SELECT ? || value, ?, 'job_' || value, 'job.completed', '{}', 'pending', value, ? FROM json_each(?)`,
    ...[`${id}_`, id, Date.now(), JSON.stringify(Array.from({ length: count }, (_, place) => place))],
  );
}

const newOwner = async () => (await edge.newKey()).key;
const untilHeard = (by: Receiver) => until(() => by.received.length > 0);
const untilTried = () => until(() => silent.received.some((request) => request.path === path));
const untilQueued = (job: Job) => until(async () => (await edge.status(job)).status === "queued");

it("delays no sweep, no wake, no lapsed lease and no other owner's message", async () => {
  const { key } = await edge.newKey();
  const job = await edge.newJob(key);
  await untilHeard(pool);
  await edge.claim(job);
  await newHook(await newOwner(), silent.url + path, messages);
  await newHook(await newOwner(), receiver.url, 1);
  await edge.lapse(job);
  pool.received.length = 0;

  await Promise.all([edge.sweep(), untilHeard(pool), untilHeard(receiver), untilQueued(job)]);
  expect(givenUp).toBe(0);
});

it("delays no lease that ends after another job's end is sent there", async () => {
  const key = await newOwner();
  const doomed = await edge.newJob(key);
  const other = await edge.newJob(await newOwner());
  await edge.claim(doomed);
  await edge.sql("UPDATE jobs SET failed_attempts = ? WHERE id = ?", maxFailedAttempts - 1, doomed.id);
  await edge.claim(other);
  // After the job's first events, so that its end is what starts the tries.
  await newHook(key, silent.url + path, messages);
  const doomedAtMs = Date.now() + 1_000;
  const endAt = (job: Job, atMs: number) =>
    edge.sql("UPDATE jobs SET lease_expires_at = ? WHERE id = ?", atMs, job.id);
  await endAt(other, doomedAtMs + 3_000);
  await endAt(doomed, doomedAtMs);
  // The alarm of the first lease; the one of the other it sets by itself.
  await edge.lookAtLeases(doomedAtMs + 250);
  await untilTried();
  await untilQueued(other);
  expect(givenUp).toBe(0);
  expect((await edge.status(doomed)).status).toBe("failed");
});
