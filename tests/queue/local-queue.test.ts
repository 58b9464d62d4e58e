/** What only the simulator has: the path from a Worker's `send()`, and injected faults. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Cloudflare from "cloudflare";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { localAccountId } from "../../simulators/queue/catalogue.ts";
import { until } from "../until.ts";
import { type LocalQueue, startLocalQueue } from "./start-local-queue.ts";

const queueId = "c04f0000000000000000000000000001";
const account_id = localAccountId;
let stateFolder: string;
let local: LocalQueue;
let api: Cloudflare;

beforeAll(async () => {
  stateFolder = await mkdtemp(join(tmpdir(), "local-queue-"));
  local = await startLocalQueue(stateFolder, [{ id: queueId, name: "video" }]);
  api = new Cloudflare({
    apiToken: local.apiToken,
    baseURL: `${local.url}/client/v4`,
    maxRetries: 0,
    logLevel: "off",
  });
});
afterEach(async () => {
  await setFaults({});
  await api.queues.purge.start(queueId, { account_id, delete_messages_permanently: true });
});
afterAll(async () => {
  await local?.close();
  await rm(stateFolder, { recursive: true, force: true });
});

const call = (path: string, init: RequestInit = {}) =>
  fetch(local.url + path, {
    ...init,
    headers: { authorization: `Bearer ${local.apiToken}`, ...init.headers },
  });
const setFaults = (plan: object) => call("/_faults", { method: "POST", body: JSON.stringify(plan) });
const injected = async () =>
  ((await (await call("/_faults")).json()) as Record<string, { injected: Record<string, number> }>).video
    ?.injected;
const pull = async (batch_size = 100, visibility_timeout_ms = 60_000) =>
  (await api.queues.messages.pull(queueId, { account_id, batch_size, visibility_timeout_ms })).messages ?? [];
const ack = (leaseIds: string[]) =>
  api.queues.messages.ack(queueId, { account_id, acks: leaseIds.map((lease_id) => ({ lease_id })) });
const depth = async () => (await api.queues.getMetrics(queueId, { account_id })).backlog_count;
const pushNumbers = (count: number) =>
  api.queues.messages.bulkPush(queueId, {
    account_id,
    messages: Array.from({ length: count }, (_, index) => ({
      body: String(index),
      content_type: "text" as const,
    })),
  });

describe("from a Worker's send() to a pull", () => {
  it.each([
    ["json", { v: 1, job_id: "夢" }, Buffer.from('{"v":1,"job_id":"夢"}').toString("base64")],
    ["text", "plain 夢", "plain 夢"],
    ["bytes", [0, 1, 254, 255], Buffer.from([0, 1, 254, 255]).toString("base64")],
  ] as const)("keeps a %s body as Cloudflare returns it", async (contentType, sent, received) => {
    const beforeMs = Date.now();
    await local.send("video", sent, contentType);
    const message = await until(async () => (await pull())[0]);
    expect(message).toMatchObject({
      body: received,
      attempts: 1,
      metadata: { "CF-Content-Type": contentType, "CF-sourceMessageSource": "worker" },
    });
    expect(message.timestamp_ms).toBeGreaterThanOrEqual(beforeMs - 1);
    expect(message.timestamp_ms).toBeLessThanOrEqual(Date.now() + 1);
  });

  it("takes over 300 messages, each once", async () => {
    await Promise.all(Array.from({ length: 300 }, (_, index) => local.send("video", String(index), "text")));
    await until(async () => (await depth()) === 300);
    const bodies: string[] = [];
    for (let batch = await pull(); batch.length > 0; batch = await pull())
      bodies.push(...batch.map(({ body = "" }) => body));
    expect(bodies.map(Number).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 300 }, (_, index) => index),
    );
  });
});

describe("refusals", () => {
  const get = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(local.url + path, { headers });
    const { success, errors, result } = (await response.json()) as Record<string, unknown>;
    return { status: response.status, success, result, code: (errors as { code: number }[])[0]?.code };
  };
  const queues = `/client/v4/accounts/${localAccountId}/queues`;
  const token = () => ({ authorization: `Bearer ${local.apiToken}` });

  it("answers in Cloudflare's envelope, with its codes", async () => {
    const refused = { success: false, result: null };
    expect(await get(queues, {})).toEqual({ ...refused, status: 401, code: 10001 });
    expect(await get(queues, { authorization: "Bearer wrong" })).toEqual({
      ...refused,
      status: 401,
      code: 10000,
    });
    expect(await get(`/client/v4/accounts/${"0".repeat(32)}/queues`, token())).toEqual({
      ...refused,
      status: 403,
      code: 10000,
    });
    expect(await get(`${queues}/${"0".repeat(32)}/metrics`, token())).toEqual({
      ...refused,
      status: 404,
      code: 10104,
    });
    expect(await get(`${queues}/video/metrics`, token())).toEqual({ ...refused, status: 400, code: 10107 });
    expect(await get(`${queues}/${queueId}/nonsense`, token())).toEqual({
      ...refused,
      status: 404,
      code: 7003,
    });
    expect(await get("/client/v4/zones", token())).toEqual({ ...refused, status: 404, code: 7003 });
    expect(await get("/_faults", {})).toEqual({ ...refused, status: 401, code: 10001 });
  });

  it.each([
    ["a list", "[]"],
    ["a lease that is a number", '{"acks":[{"lease_id":5}]}'],
    ["acks that are not a list", '{"acks":{}}'],
    ["a retry later than 12 hours", '{"retries":[{"lease_id":"x","delay_seconds":43201}]}'],
  ])("calls %s a wrong ack", async (_, body) => {
    const response = await call(`${queues}/${queueId}/messages/ack`, { method: "POST", body });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ code: 10207 }] });
  });
});

describe("faults on demand", () => {
  it("refuses an unknown fault, and a rate above 1", async () => {
    expect((await setFaults({ meteor_rate: 1 })).status).toBe(400);
    expect((await setFaults({ lost_ack_rate: 1.1 })).status).toBe(400);
    expect((await setFaults({ reorder: 1 })).status).toBe(400);
  });

  it("delivers a share of the messages twice while their lease runs", async () => {
    await pushNumbers(100);
    await setFaults({ seed: 3, duplicate_rate: 0.3 });
    const first = await pull();
    await setFaults({});
    const second = await pull();
    expect(first).toHaveLength(100);
    expect(second.length).toBeGreaterThan(15);
    expect(second.length).toBeLessThan(45);
    expect(second.every(({ attempts }) => attempts === 2)).toBe(true);
  });

  it("delivers acked messages again", async () => {
    await pushNumbers(3);
    await setFaults({ duplicate_after_ack_rate: 1 });
    const answer = await ack((await pull()).map(({ lease_id = "" }) => lease_id));
    expect(answer).toMatchObject({ ackCount: 3 });
    expect(await pull()).toHaveLength(3);
  });

  it("loses the answer of an ack that it carried out", async () => {
    await pushNumbers(1);
    const [message] = await pull();
    await setFaults({ lost_ack_rate: 1 });
    await expect(ack([message?.lease_id ?? ""])).rejects.toMatchObject({ status: 500 });
    await setFaults({});
    expect(await depth()).toBe(0);
  });

  it("refuses with 429 and Retry-After, and with 500, with nothing carried out", async () => {
    await pushNumbers(1);
    await setFaults({ error_429_rate: 1, retry_after_seconds: 7 });
    const refused = await pull().catch((error: unknown) => error as InstanceType<typeof Cloudflare.APIError>);
    expect(refused).toMatchObject({ status: 429, errors: [{ code: 10250 }] });
    expect("headers" in refused && refused.headers?.get("retry-after")).toBe("7");
    await setFaults({ error_500_rate: 1 });
    await expect(pull()).rejects.toMatchObject({ status: 500, errors: [{ code: 15000 }] });
    expect(await injected()).toEqual({ error_500_rate: 1 });
    await setFaults({});
    expect((await pull())[0]?.attempts).toBe(1);
  });

  it("answers late", async () => {
    await setFaults({ stall_rate: 1, stall_ms: 300 });
    const startMs = performance.now();
    await pull();
    expect(performance.now() - startMs).toBeGreaterThan(290);
  });

  it("mixes the order, the same way for the same seed", async () => {
    const bodiesWith = async (seed: number) => {
      await setFaults({});
      await api.queues.purge.start(queueId, { account_id, delete_messages_permanently: true });
      await pushNumbers(50);
      await setFaults({ seed, reorder: true });
      return [...(await pull(20)), ...(await pull(30))].map(({ body }) => body);
    };
    const [first, again, other] = [await bodiesWith(5), await bodiesWith(5), await bodiesWith(6)];
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
    expect(new Set(first).size).toBe(50);
    expect(first).not.toEqual(Array.from({ length: 50 }, (_, index) => String(index)));
  });

  it("affects one queue only if one is named", async () => {
    expect((await call("/_faults?queue=unknown", { method: "POST", body: "{}" })).status).toBe(404);
    const answer = await call("/_faults?queue=video", { method: "POST", body: '{"error_500_rate":1}' });
    expect(Object.keys((await answer.json()) as object)).toEqual(["video"]);
  });
});
