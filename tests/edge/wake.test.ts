/** The edge wakes the pool: signed, once per burst, and never at the cost of an answer. */
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { verifyMessage } from "../../contract/signature.ts";
import { until } from "../until.ts";
import { atOnce, type Edge, secrets, startEdge } from "./harness.ts";
import { type Receiver, startReceiver } from "./receive.ts";

let worker: Receiver;
let edge: Edge;
let key: string;
beforeAll(async () => {
  worker = await startReceiver();
  edge = await startEdge({ WORKER_WAKE_URL: `${worker.url}/wake` });
  key = (await edge.newKey()).key;
});
afterAll(async () => {
  await edge.close();
  await worker.close();
});
beforeEach(() => {
  worker.answer = (response) => response.writeHead(202).end();
  worker.received.length = 0;
});

const wakes = () => Promise.resolve(worker.received.length);

it("wakes by a request with a signature for each live secret", async () => {
  await edge.newJob(key);
  await until(wakes, (count) => count === 1);
  const [wake] = worker.received;
  expect(wake?.path).toBe("/wake");
  expect(JSON.parse(wake?.body ?? "")).toEqual({ queue: "standard" });
  for (const secret of secrets.CALLBACK_SECRETS.split(" ")) {
    const verdict = verifyMessage(
      [secret],
      (name) => wake?.headers[name] as string,
      wake?.body ?? "",
      Math.floor(Date.now() / 1000),
    );
    expect(verdict).toHaveProperty("id");
  }
});

it("wakes twice at most for a burst: at its start and after its end", async () => {
  const waiting: ServerResponse[] = [];
  worker.answer = (response) => waiting.push(response);
  await atOnce(12, () => edge.newJob(key));
  await until(wakes, (count) => count === 1);
  worker.answer = (response) => response.writeHead(202).end();
  for (const response of waiting) response.writeHead(202).end();
  await until(wakes, (count) => count === 2);
  await edge.newJob(key);
  await until(wakes, (count) => count === 3);
});

it("answers the client if the pool is silent, refuses or does not exist", async () => {
  worker.answer = (response) => response.writeHead(503).end();
  const refused = await edge.newJob(key);
  expect((await edge.status(refused)).status).toBe("queued");
  await until(wakes, (count) => count === 1);
  const silent: ServerResponse[] = [];
  let givenUp = 0;
  worker.answer = (response) => silent.push(response.on("close", () => givenUp++));
  const job = await edge.newJob(key);
  await until(() => silent.length > 0);
  expect(givenUp).toBe(0);
  expect((await edge.status(job)).status).toBe("queued");
  for (const response of silent) response.destroy();
});

it("does not wake for a job that may not run yet", async () => {
  const job = await edge.newJob(key);
  await until(wakes, (count) => count >= 1);
  await edge.claim(job);
  worker.received.length = 0;
  await edge.release(job, 1, { reason: "outage", delay_seconds: 60 });
  // This one wakes. A wake of the release would have come before it, or would come after the answer.
  await edge.newJob(key);
  await until(wakes, (count) => count > 0);
  expect(await wakes()).toBe(1);
});
