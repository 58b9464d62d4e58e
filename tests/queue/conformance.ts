/**
 * The behaviour of a queue behind Cloudflare's HTTP API on which this project relies. One suite for the local
 * simulator, and for Cloudflare if an account is given (see conformance.test.ts). All calls go through the
 * official client.
 */
import { randomUUID } from "node:crypto";
import Cloudflare from "cloudflare";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { until } from "../until.ts";

export interface QueueTarget {
  apiToken: string;
  baseUrl: string;
  accountId: string;
  /**
   * A queue without other users, with a pull consumer, max_retries 1 and `deadQueueId`'s queue as its dead
   * letter queue.
   */
  queueId: string;
  deadQueueId: string;
  close(): Promise<void>;
}

type Pulled = Cloudflare.Queues.MessagePullResponse.Message;
type PullOptions = { batch_size?: number; visibility_timeout_ms?: number };

export function describeQueueApi(name: string, open: () => Promise<QueueTarget>): void {
  describe(`queue API of ${name}`, () => {
    let target: QueueTarget;
    let api: Cloudflare;

    beforeAll(async () => {
      target = await open();
      api = connect(target);
    });
    afterAll(() => target?.close());
    beforeEach(async () => {
      await purge(target.queueId);
      await purge(target.deadQueueId);
    });

    const connect = ({ apiToken, baseUrl }: Pick<QueueTarget, "apiToken" | "baseUrl">) =>
      new Cloudflare({ apiToken, baseURL: baseUrl, maxRetries: 0, timeout: 10_000, logLevel: "off" });
    const account = () => ({ account_id: target.accountId });
    const pull = async (options: PullOptions = {}, queueId = target.queueId): Promise<Pulled[]> =>
      (await api.queues.messages.pull(queueId, { ...account(), ...options })).messages ?? [];
    const pullOne = (options: PullOptions = {}, queueId = target.queueId) =>
      until(async () => (await pull({ batch_size: 1, ...options }, queueId))[0]);
    const pullAll = async (count: number, options: PullOptions = {}): Promise<Pulled[]> => {
      const got: Pulled[] = [];
      await until(async () => {
        got.push(...(await pull(options)));
        return got.length >= count;
      });
      return got;
    };
    const push = (body: unknown, delay_seconds?: number) =>
      api.queues.messages.push(target.queueId, {
        ...account(),
        body,
        content_type: "json",
        ...(delay_seconds === undefined ? {} : { delay_seconds }),
      });
    const pushText = (body: string) =>
      api.queues.messages.push(target.queueId, { ...account(), body, content_type: "text" });
    const ack = (...messages: Pulled[]) => ackIn(target.queueId, ...messages);
    const ackIn = (queueId: string, ...messages: Pulled[]) =>
      api.queues.messages.ack(queueId, {
        ...account(),
        acks: messages.map(({ lease_id = "" }) => ({ lease_id })),
      });
    const retry = (message: Pulled, delay_seconds?: number) =>
      api.queues.messages.ack(target.queueId, {
        ...account(),
        retries: [
          { lease_id: message.lease_id ?? "", ...(delay_seconds === undefined ? {} : { delay_seconds }) },
        ],
      });
    const depth = async (queueId = target.queueId) =>
      (await api.queues.getMetrics(queueId, account())).backlog_count;
    const purge = async (queueId: string) => {
      await api.queues.purge.start(queueId, { ...account(), delete_messages_permanently: true });
      await until(async () => (await depth(queueId)) === 0);
    };
    const refusal = async (call: Promise<unknown>) => {
      const error = await call.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      if (!(error instanceof Cloudflare.APIError))
        throw new Error("the call was not refused", { cause: error });
      return { status: error.status, code: error.errors[0]?.code };
    };

    describe("bodies", () => {
      it("gives a JSON body in base64, with the message's metadata", async () => {
        const body = { v: 1, job_id: randomUUID(), dream: "ночь 🌙 夢" };
        const beforeMs = Date.now();
        await push(body);
        const message = await pullOne();
        expect(JSON.parse(Buffer.from(message.body ?? "", "base64").toString())).toEqual(body);
        expect(message.metadata).toMatchObject({ "CF-Content-Type": "json" });
        expect(message.id).toMatch(/^[0-9a-f]{32}$/);
        expect(message.attempts).toBe(1);
        expect(message.lease_id).toEqual(expect.any(String));
        // A margin, because the test's clock and the queue's may differ.
        expect(Math.abs((message.timestamp_ms ?? 0) - beforeMs)).toBeLessThan(60_000);
      });

      it("gives a text body as it was sent", async () => {
        const text = 'plain "text" \\ with\nlines, 夢 and 🌙';
        await pushText(text);
        const message = await pullOne();
        expect(message.body).toBe(text);
        expect(message.metadata).toMatchObject({ "CF-Content-Type": "text" });
      });

      it("takes a batch of both kinds, and every kind of JSON value", async () => {
        const values = [null, false, 0, "", [], { a: [1, "2", { b: null }] }];
        await api.queues.messages.bulkPush(target.queueId, {
          ...account(),
          messages: [
            { body: "text", content_type: "text" },
            ...values.map((body) => ({ body, content_type: "json" as const })),
          ],
        });
        const pulled = await pullAll(values.length + 1, { batch_size: 100 });
        const decoded = pulled.map(({ body = "", metadata }) =>
          (metadata as Record<string, string>)["CF-Content-Type"] === "text"
            ? body
            : Buffer.from(body, "base64").toString(),
        );
        expect(decoded.sort()).toEqual(["text", ...values.map((value) => JSON.stringify(value))].sort());
      });

      it("carries a message of 127,000 bytes", async () => {
        const text = "x".repeat(127_000);
        await pushText(text);
        expect((await pullOne()).body).toBe(text);
      });
    });

    describe("pulling", () => {
      it("answers at once if the queue is empty", async () => {
        // The client gives a pull that waits for a message up after 10 s.
        const answer = await api.queues.messages.pull(target.queueId, account());
        expect(answer.messages).toEqual([]);
        expect(answer.message_backlog_count).toBe(0);
      });

      it("gives 5 messages without a batch size, and never more than the batch size", async () => {
        await api.queues.messages.bulkPush(target.queueId, {
          ...account(),
          messages: Array.from({ length: 12 }, (_, index) => ({
            body: index,
            content_type: "json" as const,
          })),
        });
        await until(async () => (await depth()) === 12);
        expect((await pull()).length).toBeLessThanOrEqual(5);
        expect((await pull({ batch_size: 2 })).length).toBeLessThanOrEqual(2);
      });

      it("leases each message to one of many consumers", async () => {
        const count = 60;
        await api.queues.messages.bulkPush(target.queueId, {
          ...account(),
          messages: Array.from({ length: count }, (_, index) => ({
            body: index,
            content_type: "json" as const,
          })),
        });
        const seen: string[] = [];
        await until(async () => {
          const batches = await Promise.all(Array.from({ length: 8 }, () => pull({ batch_size: 7 })));
          seen.push(...batches.flat().map(({ id = "" }) => id));
          return seen.length >= count;
        });
        expect(new Set(seen).size).toBe(count);
        expect(seen.length).toBe(count);
      });

      it("counts leased messages as backlog until they are acked", async () => {
        await push("one");
        await push("two");
        const [first, second] = (await pullAll(2)) as [Pulled, Pulled];
        expect(await depth()).toBe(2);
        await ack(first);
        expect(await until(async () => (await depth()) === 1 && "one")).toBe("one");
        await ack(second);
        await until(async () => (await depth()) === 0);
      });

      it("hides a message sent with a delay until it is over", async () => {
        await push("late", 2);
        const sentMs = performance.now();
        const late = await pullOne();
        expect(Buffer.from(late.body ?? "", "base64").toString()).toBe('"late"');
        expect(performance.now() - sentMs).toBeGreaterThan(1_800);
      });

      it("lets a message's own delay win over its batch's", async () => {
        await api.queues.messages.bulkPush(target.queueId, {
          ...account(),
          delay_seconds: 600,
          messages: [
            { body: "late", content_type: "text" },
            { body: "now", content_type: "text", delay_seconds: 0 },
          ],
        });
        expect((await pullOne()).body).toBe("now");
        expect(await pull()).toEqual([]);
        expect(await depth()).toBe(2);
      });
    });

    describe("leases", () => {
      it("makes a message visible again when its lease lapses, and counts the attempt", async () => {
        await push("again");
        const leasedMs = performance.now();
        const first = await pullOne({ visibility_timeout_ms: 1_000 });
        const second = await pullOne();
        expect(performance.now() - leasedMs).toBeGreaterThan(900);
        expect([second.id, second.attempts]).toEqual([first.id, 2]);
        expect(second.lease_id).not.toBe(first.lease_id);
      });

      it("accepts an ack after the lease lapsed", async () => {
        await push("slow");
        const message = await pullOne({ visibility_timeout_ms: 500 });
        await until(async () => (await peek()).length === 1);
        expect(await ack(message)).toMatchObject({ ackCount: 1 });
        await until(async () => (await depth()) === 0);
      });

      it("accepts a late ack while another consumer holds the message", async () => {
        await push("contested");
        const first = await pullOne({ visibility_timeout_ms: 500 });
        const second = await pullOne();
        expect(second.id).toBe(first.id);
        expect(await ack(first)).toMatchObject({ ackCount: 1 });
        await until(async () => (await depth()) === 0);
      });

      it("gives a message back at once on retry", async () => {
        await push("retried");
        const first = await pullOne({ visibility_timeout_ms: 60_000 });
        expect(await retry(first)).toMatchObject({ ackCount: 0, retryCount: 1 });
        const second = await pullOne();
        expect([second.id, second.attempts]).toEqual([first.id, 2]);
      });

      it("gives a message back later on a retry with a delay", async () => {
        await push("retried");
        const message = await pullOne({ visibility_timeout_ms: 60_000 });
        const retriedMs = performance.now();
        await retry(message, 2);
        await pullOne();
        expect(performance.now() - retriedMs).toBeGreaterThan(1_800);
      });

      it("acks and retries in one call, and warns about a lease that it never gave", async () => {
        await push("one");
        await push("two");
        const [first, second] = (await pullAll(2, { visibility_timeout_ms: 60_000 })) as [Pulled, Pulled];
        const answer = await api.queues.messages.ack(target.queueId, {
          ...account(),
          acks: [{ lease_id: first.lease_id ?? "" }, { lease_id: "not-a-lease" }],
          retries: [{ lease_id: second.lease_id ?? "" }],
        });
        expect(answer).toMatchObject({ ackCount: 1, retryCount: 1 });
        expect(answer.warnings).toEqual({ "not-a-lease": expect.any(String) });
        expect((await pullOne()).id).toBe(second.id);
      });
    });

    describe("giving up", () => {
      it("moves a message that was retried too often to the dead letter queue, body and kind kept", async () => {
        await push({ doomed: true });
        await until(async () => {
          for (const message of await pull({ visibility_timeout_ms: 60_000 })) await retry(message);
          return (await depth(target.deadQueueId)) === 1;
        });
        expect(await depth()).toBe(0);
        const dead = await pullOne({}, target.deadQueueId);
        expect(JSON.parse(Buffer.from(dead.body ?? "", "base64").toString())).toEqual({ doomed: true });
        expect(dead.metadata).toMatchObject({ "CF-Content-Type": "json" });
        await ackIn(target.deadQueueId, dead);
        await until(async () => (await depth(target.deadQueueId)) === 0);
        expect([await depth(), await depth(target.deadQueueId)]).toEqual([0, 0]);
      });

      it("moves a message whose last lease lapsed, without another pull", async () => {
        await push("forgotten");
        const last = await until(async () => {
          const [message] = await pull({ visibility_timeout_ms: 300 });
          return message?.attempts === 2 && message;
        });
        expect(last.attempts).toBe(2);
        await until(async () => (await depth(target.deadQueueId)) === 1);
      });
    });

    const peek = async () =>
      (await api.queues.messages.peek(target.queueId, { ...account(), batch_size: 100 })).messages ?? [];

    describe("looking and purging", () => {
      it("shows messages without leasing them", async () => {
        await pushText("looked at");
        const [seen] = await until(async () => {
          const messages = await peek();
          return messages.length > 0 && messages;
        });
        expect(seen).toMatchObject({ body: "looked at", metadata: { "CF-Content-Type": "text" } });
        expect((await pullOne()).attempts).toBe(1);
      });

      it("purges one message by the ref that peek gave", async () => {
        await pushText("stays");
        await pushText("goes");
        const messages = await until(async () => {
          const seen = await peek();
          return seen.length === 2 && seen;
        });
        const ref = messages.find(({ body }) => body === "goes")?.ref ?? "";
        await api.queues.messages.purge(target.queueId, { ...account(), refs: [{ ref }] });
        await until(async () => (await depth()) === 1);
        expect((await pullOne()).body).toBe("stays");
      });

      it("purges the whole queue", async () => {
        await push(1);
        await push(2);
        const queue = await api.queues.purge.start(target.queueId, {
          ...account(),
          delete_messages_permanently: true,
        });
        expect(queue.queue_id).toBe(target.queueId);
        await until(async () => (await depth()) === 0);
        expect((await api.queues.purge.status(target.queueId, account())).started_at).toEqual(
          expect.any(String),
        );
      });

      it("reports backlog, bytes and age", async () => {
        expect(await api.queues.getMetrics(target.queueId, account())).toEqual({
          backlog_count: 0,
          backlog_bytes: 0,
          oldest_message_timestamp_ms: 0,
        });
        await pushText("x".repeat(1_000));
        const metrics = await until(async () => {
          const now = await api.queues.getMetrics(target.queueId, account());
          return now.backlog_count === 1 && now;
        });
        expect(metrics.backlog_bytes).toBeGreaterThanOrEqual(1_000);
        expect(metrics.backlog_bytes).toBeLessThan(1_400);
        expect(Math.abs(metrics.oldest_message_timestamp_ms - Date.now())).toBeLessThan(60_000);
      });

      it("describes a queue and lists them all", async () => {
        const queue = await api.queues.get(target.queueId, account());
        expect(queue).toMatchObject({ queue_id: target.queueId, queue_name: expect.any(String) });
        expect(queue.consumers).toEqual([expect.objectContaining({ type: "http_pull" })]);
        const ids: unknown[] = [];
        for await (const listed of api.queues.list(account())) ids.push(listed.queue_id);
        expect(ids).toEqual(expect.arrayContaining([target.queueId, target.deadQueueId]));
      });
    });

    describe("refusals", () => {
      const texts = (count: number, chars: number) =>
        Array.from({ length: count }, () => ({ body: "x".repeat(chars), content_type: "text" as const }));
      const bulk = (messages: ReturnType<typeof texts>, delay_seconds?: number) =>
        api.queues.messages.bulkPush(target.queueId, {
          ...account(),
          messages,
          ...(delay_seconds === undefined ? {} : { delay_seconds }),
        });

      it("refuses a message over 128 KB, a batch over 256 KB and one of 101 messages", async () => {
        expect(await refusal(pushText("x".repeat(128_001)))).toMatchObject({ code: 10204 });
        expect(await refusal(bulk(texts(3, 100_000)))).toMatchObject({ code: 10205 });
        expect(await refusal(bulk(texts(101, 1)))).toMatchObject({ code: 10206 });
        expect(await depth()).toBe(0);
      });

      it("refuses delays past the limit", async () => {
        expect(await refusal(push("late", 86_401))).toMatchObject({ status: 400, code: 10203 });
        expect(await refusal(bulk(texts(1, 1), 86_401))).toMatchObject({ status: 400, code: 10202 });
      });

      it.each([
        ["a batch size over 100", { batch_size: 101 }],
        ["a batch size of 0", { batch_size: 0 }],
        ["a lease over 12 hours", { visibility_timeout_ms: 12 * 3600_000 + 1 }],
        ["a batch size that is a word", { batch_size: "ten" as unknown as number }],
      ])("refuses %s", async (_, options) => {
        expect((await refusal(pull(options))).status).toBe(400);
      });

      it("refuses a body that is not JSON, in Cloudflare's envelope", async () => {
        const response = await fetch(
          `${target.baseUrl}/accounts/${target.accountId}/queues/${target.queueId}/messages/pull`,
          {
            method: "POST",
            headers: { authorization: `Bearer ${target.apiToken}`, "content-type": "application/json" },
            body: "{nope",
          },
        );
        expect(response.status).toBe(400);
        expect(await response.json()).toMatchObject({
          success: false,
          errors: [{ code: 10208, message: expect.any(String) }],
        });
      });

      it("knows no queue by another id", async () => {
        expect(await refusal(pull({}, "0".repeat(32)))).toMatchObject({ status: 404 });
        expect(await refusal(api.queues.get("0".repeat(32), account()))).toMatchObject({ status: 404 });
      });

      it("refuses a wrong token with 401 or 403", async () => {
        const stranger = connect({ baseUrl: target.baseUrl, apiToken: "x".repeat(40) });
        const { status } = await refusal(stranger.queues.messages.pull(target.queueId, account()));
        expect([401, 403]).toContain(status);
      });
    });
  });
}
