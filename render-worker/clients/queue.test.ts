import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { localAccountId } from "../../simulators/queue/catalogue.ts";
import { type LocalQueue, startLocalQueue } from "../../tests/queue/start-local-queue.ts";
import { until } from "../../tests/until.ts";
import { Rejected, Transient } from "../errors.ts";
import { createQueue, type QueuePort } from "./queue.ts";

const queueId = "c04f0000000000000000000000000001";
const usual = { callTimeoutMs: 60_000, visibilityTimeoutMs: 60_000 };

describe("over the queue of a laptop", () => {
  let stateFolder: string;
  let local: LocalQueue;
  let queue: QueuePort;

  beforeAll(async () => {
    stateFolder = await mkdtemp(join(tmpdir(), "queue-client-"));
    local = await startLocalQueue(stateFolder, [{ id: queueId, name: "video-standard" }]);
    queue = open();
  });
  afterEach(async () => {
    await setFaults({});
    await post(`/client/v4/accounts/${localAccountId}/queues/${queueId}/purge`, {
      delete_messages_permanently: true,
    });
  });
  afterAll(async () => {
    await local?.close();
    await rm(stateFolder, { recursive: true, force: true });
  });

  const connection = () => ({
    accountId: localAccountId,
    apiToken: local.apiToken,
    baseUrl: `${local.url}/client/v4`,
  });
  const open = (times = usual) => createQueue(connection(), queueId, times);
  const ackAll = (messages: { leaseId: string }[]) => queue.ack(messages.map(({ leaseId }) => leaseId));
  const post = (path: string, body: object) =>
    fetch(local.url + path, {
      method: "POST",
      headers: { authorization: `Bearer ${local.apiToken}` },
      body: JSON.stringify(body),
    });
  const setFaults = (plan: object) => post("/_faults", plan);
  const sendJobs = async (...jobIds: string[]) => {
    for (const job_id of jobIds) await local.send("video-standard", { v: 1, job_id }, "json");
    await until(async () => (await queue.depth()) === jobIds.length);
  };

  it("pulls what a Worker sent, no more than asked, and acks it", async () => {
    await sendJobs("job_1", "job_2", "job_3");
    const first = await queue.pull(2);
    const second = await queue.pull(2);
    expect([...first, ...second].map(({ jobId }) => jobId)).toEqual(["job_1", "job_2", "job_3"]);
    expect([first.length, second.length]).toEqual([2, 1]);
    expect(first[0]).toMatchObject({ attempts: 1, problem: null });
    expect(Math.abs((first[0]?.sentAtMs ?? 0) - Date.now())).toBeLessThan(10_000);
    expect(await queue.depth()).toBe(3);
    expect(await ackAll([...first, ...second])).toEqual({});
    expect(await queue.depth()).toBe(0);
    expect(await queue.pull(2)).toEqual([]);
  });

  it("pulls 100 where more are asked for", async () => {
    await sendJobs("job_1");
    expect(await queue.pull(1_000)).toHaveLength(1);
  });

  it("gives back what is to be retried, now or later", async () => {
    await sendJobs("now", "later");
    const held = await queue.pull(2);
    const leaseOf = (job: string) => held.find(({ jobId }) => jobId === job)?.leaseId ?? "";
    await queue.ack(
      [],
      [
        { leaseId: leaseOf("now"), delaySeconds: 0 },
        { leaseId: leaseOf("later"), delaySeconds: 1 },
      ],
    );
    expect(await queue.pull(2)).toMatchObject([{ jobId: "now", attempts: 2 }]);
    expect(await until(async () => (await queue.pull(2))[0])).toMatchObject({
      jobId: "later",
      attempts: 2,
    });
  });

  it("gets a message again when its lease lapses, and may still ack by the first lease", async () => {
    await sendJobs("slow");
    const [first] = await open({ ...usual, visibilityTimeoutMs: 300 }).pull(1);
    const again = await until(async () => (await queue.pull(1))[0]);
    expect(again).toMatchObject({ jobId: "slow", attempts: 2 });
    expect(await queue.ack([first?.leaseId ?? ""])).toEqual({});
    expect(await queue.depth()).toBe(0);
  });

  it("hands out poison among good messages, ready to be acked", async () => {
    await sendJobs("good");
    await local.send("video-standard", "not ours", "text");
    await local.send("video-standard", { v: 2 }, "json");
    await until(async () => (await queue.depth()) === 3);
    const held = await queue.pull(3);
    expect(held.map(({ jobId, problem }) => jobId ?? problem)).toEqual(["good", "not_json", "newer_version"]);
    await ackAll(held);
    expect(await queue.depth()).toBe(0);
  });

  it("says which lease was not one, and asks for nothing when there is nothing to say", async () => {
    expect(await queue.ack(["not-a-lease"])).toEqual({ "not-a-lease": expect.any(String) });
    await setFaults({ error_500_rate: 1 });
    expect(await queue.ack([])).toEqual({});
  });

  it("learns how long to wait after too many calls", async () => {
    await setFaults({ error_429_rate: 1, retry_after_seconds: 7 });
    const error = await failureOf(queue.pull(1));
    expect(error).toBeInstanceOf(Transient);
    expect(error).toMatchObject({ code: "queue.rate_limited", retryAfterMs: 7_000 });
    // One call only: the official client would have tried three times.
    expect(await injected()).toEqual({ error_429_rate: 1 });
  });

  it("leaves it to the caller to try again after a fault of the queue", async () => {
    await setFaults({ error_500_rate: 1 });
    for (const call of [() => queue.pull(1), () => queue.ack(["x"]), () => queue.depth()]) {
      const error = await failureOf(call());
      expect(error).toBeInstanceOf(Transient);
      expect(error).toMatchObject({ code: "queue.unavailable" });
    }
    expect(await injected()).toEqual({ error_500_rate: 3 });
  });

  it("gives up on an answer that is late", async () => {
    await setFaults({ stall_rate: 1, stall_ms: 3_000 });
    const error = await failureOf(open({ ...usual, callTimeoutMs: 200 }).pull(1));
    expect(error).toBeInstanceOf(Transient);
    expect(error).toMatchObject({ code: "queue.unreachable" });
  });

  it("stops waiting on abort, with the reason of the abort", async () => {
    await setFaults({ stall_rate: 1, stall_ms: 20_000 });
    const stop = new AbortController();
    const pulling = failureOf(queue.pull(1, stop.signal));
    await until(async () => (await injected())?.stall_rate === 1);
    stop.abort(new Error("shutting down"));
    expect(await pulling).toMatchObject({ message: "shutting down" });
  });

  it.each([
    ["a wrong token", { apiToken: "wrong" }, queueId, "queue.unauthorized"],
    ["another account", { accountId: "0".repeat(32) }, queueId, "queue.unauthorized"],
    ["a queue that is not there", {}, "0".repeat(32), "queue.not_found"],
    ["a queue's name instead of its id", {}, "video-standard", "queue.bad_request"],
  ])("is refused with %s", async (_, change, id, code) => {
    const error = await failureOf(createQueue({ ...connection(), ...change }, id, usual).pull(1));
    expect(error).toBeInstanceOf(Rejected);
    expect(error).toMatchObject({ code });
  });

  const injected = async () => {
    const response = await fetch(`${local.url}/_faults`, {
      headers: { authorization: `Bearer ${local.apiToken}` },
    });
    return ((await response.json()) as Record<string, { injected: Record<string, number> }>)["video-standard"]
      ?.injected;
  };
});

describe("over something that is no queue", () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const against = async (answer: RequestListener, times = usual) => {
    server = createServer(answer);
    await new Promise<void>((resolve) => server?.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const connection = { accountId: "a", apiToken: "t", baseUrl: `http://127.0.0.1:${port}/client/v4` };
    return createQueue(connection, queueId, times);
  };
  const json = { "content-type": "application/json" };

  it.each<[string, RequestListener, string]>([
    [
      "a page of a proxy",
      (_, res) => res.writeHead(200, { "content-type": "text/html" }).end("<h1>hi</h1>"),
      "queue.answer_unreadable",
    ],
    [
      "an answer without a result",
      (_, res) => res.writeHead(200, json).end('{"success":true,"result":null}'),
      "queue.answer_unreadable",
    ],
    [
      "half an answer",
      (_, res) => res.writeHead(200, json).end('{"success":true,"resu'),
      "queue.unreachable",
    ],
    [
      "a body that is cut",
      (_, res) => void res.writeHead(200, json).write("{", () => res.destroy()),
      "queue.unreachable",
    ],
    [
      "a page of a broken proxy",
      (_, res) => res.writeHead(502).end("<h1>Bad gateway</h1>"),
      "queue.unavailable",
    ],
    ["a closed door", (req) => void req.socket.destroy(), "queue.unreachable"],
  ])("calls %s transient", async (_, answer, code) => {
    const error = await failureOf((await against(answer)).pull(1));
    expect(error).toBeInstanceOf(Transient);
    expect(error).toMatchObject({ code });
  });

  it("calls a body that stalls transient", async () => {
    const stall: RequestListener = (_, res) => void res.writeHead(200, json).write('{"success":');
    const error = await failureOf((await against(stall, { ...usual, callTimeoutMs: 300 })).pull(1));
    expect(error).toBeInstanceOf(Transient);
    expect(error).toMatchObject({ code: "queue.unreachable" });
  });

  it("reads a date in Retry-After", async () => {
    const date = new Date(Date.now() + 20_000).toUTCString();
    const queue = await against((_, res) => res.writeHead(429, { "retry-after": date }).end());
    const { retryAfterMs } = (await failureOf(queue.pull(1))) as Transient;
    expect(retryAfterMs).toBeGreaterThan(17_000);
    expect(retryAfterMs).toBeLessThanOrEqual(20_000);
  });

  it("keeps the token out of what it throws", async () => {
    const connection = { accountId: "a", apiToken: "a-very-secret-token", baseUrl: "http://127.0.0.1:9" };
    const error = (await failureOf(createQueue(connection, queueId, usual).pull(1))) as Error;
    expect(`${error.message} ${JSON.stringify(error)} ${error.stack}`).not.toContain("a-very-secret-token");
  });
});

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => {
      throw new Error(`it did not fail: ${JSON.stringify(value)}`);
    },
    (reason: unknown) => reason,
  );
}
