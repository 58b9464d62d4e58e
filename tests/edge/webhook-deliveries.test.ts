/** What a webhook is sent, when it is tried again, and what ends it. */
import type { ServerResponse } from "node:http";
import { Webhook as Verifier } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { maxFailedAttempts } from "../../contract/limits.ts";
import { type Webhook, WebhookEventType } from "../../contract/webhook.ts";
import { until } from "../until.ts";
import { startReceiver } from "./receive.ts";
import { useWebhooks } from "./webhook-owner.ts";

const { edge, receiver, owner } = await useWebhooks();
const { make, log, settled, cancelled } = owner;

const dueNow = (id: string) =>
  edge.sql(
    "UPDATE deliveries SET due_at = ? WHERE status = 'pending' AND webhook_id = ?",
    Date.now() - 1,
    id,
  );

describe("a webhook", () => {
  it("gets each end once, with a signature that the standard's own library accepts", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    const film = await edge.newFilm(key);
    const stopped = await cancelled(key);
    const failing = await edge.newJob(key);
    await edge.claim(failing);
    await edge.complete(failing, 1, {
      status: "failed",
      video_url: null,
      metadata: null,
      error: "no words",
      error_code: "dream.empty",
    });
    await until(
      async () => receiver.received,
      (all) => all.length === 3,
    );
    await edge.sweep();
    expect(receiver.received).toHaveLength(3);
    const messages = receiver.received.map(({ body, headers }) =>
      new Verifier(hook.secret).verify(body, headers as Record<string, string>),
    );
    expect(messages).toEqual([
      {
        type: "job.completed",
        timestamp: expect.stringMatching(/^\d{4}-.*Z$/),
        data: { dream_id: film.did, job_id: film.id, duration_seconds: 30.5, scenes: 3, cost_usd: 0.0421 },
      },
      {
        type: "job.cancelled",
        timestamp: expect.any(String),
        data: { dream_id: stopped.did, job_id: stopped.id },
      },
      {
        type: "job.failed",
        timestamp: expect.any(String),
        data: {
          dream_id: failing.did,
          job_id: failing.id,
          code: "dream.empty",
          message: "no words",
          retryable: false,
        },
      },
    ]);
    expect(receiver.received[0]?.headers["content-type"]).toBe("application/json");
    const { data } = await settled(key, hook.id);
    expect(
      data.map(({ type, status, attempts, response_status }) => [type, status, attempts, response_status]),
    ).toEqual([
      ["job.failed", "delivered", 1, 204],
      ["job.cancelled", "delivered", 1, 204],
      ["job.completed", "delivered", 1, 204],
    ]);
    expect(data.map(({ id }) => id).reverse()).toEqual(
      receiver.received.map(({ headers }) => headers["webhook-id"]),
    );
  });

  it("gets only the events that it registered for, while it is enabled", async () => {
    const { key } = await edge.newKey();
    await make(key, { events: ["job.failed"] });
    await make(key, { enabled: false });
    const other = await make((await edge.newKey()).key);
    await cancelled(key);
    const heard = await make(key, { events: ["job.cancelled"] });
    await cancelled(key);
    await settled(key, heard.id);
    expect(receiver.received).toHaveLength(1);
    expect(other.events).toEqual(WebhookEventType.options);
  });

  it("gets the end of a job whose last attempt fell silent", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    const job = await edge.newJob(key);
    await edge.sql("UPDATE jobs SET failed_attempts = ? WHERE id = ?", maxFailedAttempts - 1, job.id);
    await edge.claim(job);
    await edge.lapse(job);
    await edge.sweep();
    const { data } = await settled(key, hook.id);
    expect(data).toMatchObject([{ type: "job.failed", status: "delivered" }]);
    expect(JSON.parse(receiver.received[0]?.body ?? "").data.code).toBe("job.attempts_exhausted");
  });

  it("gets the same message under the same id until it takes it", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    const answers = [500, 429, 200];
    receiver.answer = (response) =>
      response.writeHead(answers[receiver.received.length - 1] ?? 200).end("no");
    await cancelled(key);
    for (const [place, status] of answers.entries()) {
      const { data } = await until(
        () => log(key, hook.id),
        (seen) => seen.data[0]?.response_status === status,
      );
      expect(data).toMatchObject([
        {
          attempts: place + 1,
          status: status === 200 ? "delivered" : "pending",
          error: status === 200 ? null : `http.${status}`,
        },
      ]);
      await dueNow(hook.id);
      await edge.sweep();
    }
    expect(receiver.received).toHaveLength(3);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
  });

  it("is not followed if it redirects", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    receiver.answer = (response) => response.writeHead(307, { location: `${receiver.url}/other` }).end();
    await cancelled(key);
    // The harness, which is between workerd and the network, passes on any redirect as a 500.
    const error = expect.stringMatching(/^http\.(307|500)$/);
    expect((await settled(key, hook.id)).data).toMatchObject([{ status: "pending", error }]);
    expect(receiver.received.map(({ path }) => path)).toEqual(["/hook"]);
  });

  it("is tried again with pauses, and given up after the tenth try", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    receiver.answer = (response) => response.writeHead(500).end();
    await cancelled(key);
    const { data } = await settled(key, hook.id);
    const waitMs = Date.parse(data[0]?.next_attempt_at ?? "") - Date.parse(data[0]?.last_attempt_at ?? "");
    expect(waitMs).toBeGreaterThan(4_000);
    // The second try comes after 5 s and a tenth more; the third after minutes.
    expect(waitMs).toBeLessThan(60_000);
    await edge.sql("UPDATE deliveries SET attempts = 9 WHERE webhook_id = ?", hook.id);
    await dueNow(hook.id);
    await edge.sweep();
    const last = await until(
      () => log(key, hook.id),
      (seen) => seen.data[0]?.status === "failed",
    );
    expect(last.data).toMatchObject([{ status: "failed", attempts: 10, next_attempt_at: null }]);
    await edge.sweep();
    expect(receiver.received).toHaveLength(2);
  });

  it("is disabled by 410, and gets no more messages", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    receiver.answer = (response) => response.writeHead(410).end();
    await cancelled(key);
    const { data } = await settled(key, hook.id);
    expect(data).toMatchObject([{ status: "failed", response_status: 410 }]);
    const { json } = await edge.call<Webhook>("GET", `/webhooks/${hook.id}`, { key });
    expect(json).toMatchObject({ enabled: false, disabled_reason: "gone" });
    await cancelled(key);
    await edge.sweep();
    expect(receiver.received).toHaveLength(1);
    const [delivery] = data;
    const again = await edge.call("POST", `/webhooks/${hook.id}/deliveries/${delivery?.id}/redeliver`, {
      key,
    });
    expect(again.json).toMatchObject({ status: 409, code: "webhook.disabled" });
  });

  it("gets no more messages once it is disabled, even if a try is under way or an older message waits", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    const held: ServerResponse[] = [];
    receiver.answer = (response) => held.push(response);
    await cancelled(key);
    await until(
      async () => held,
      (tries) => tries.length === 1,
    );
    await edge.call("PATCH", `/webhooks/${hook.id}`, { key, body: { enabled: false } });
    held[0]?.writeHead(503).end();
    // As an older version leaves it: pending, due, of a disabled webhook.
    await edge.sql(
      `INSERT INTO deliveries (id, webhook_id, job_id, type, body, status, due_at, created_at)
       VALUES (?, ?, 'old', 'job.failed', '{}', 'pending', 1, ?)`,
      ...[`msg_of_${hook.id}`, hook.id, Date.now()],
    );
    const ended = () =>
      edge.sql<{ error: string }>(
        "SELECT error FROM deliveries WHERE webhook_id = ? AND status = 'failed'",
        hook.id,
      );
    await edge.sweep();
    expect(await until(ended, (rows) => rows.length === 2)).toEqual(
      Array(2).fill({ error: "webhook.disabled" }),
    );
    await dueNow(hook.id);
    await edge.sweep();
    expect(receiver.received).toHaveLength(1);
  });

  it("that answers 410 to one message is not tried again with another that was under way", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    const held: ServerResponse[] = [];
    receiver.answer = (response) => held.push(response);
    await Promise.all([cancelled(key), cancelled(key)]);
    await until(
      async () => held,
      (tries) => tries.length === 2,
    );
    held[0]?.writeHead(410).end();
    await until(
      () => edge.sql("SELECT id FROM webhooks WHERE id = ? AND NOT enabled", hook.id),
      (rows) => rows.length === 1,
    );
    held[1]?.writeHead(500).end();
    const { data } = await until(
      () => log(key, hook.id),
      (seen) => seen.data.filter(({ response_status }) => response_status !== null).length === 2,
    );
    expect(data.map(({ status }) => status)).toEqual(["failed", "failed"]);
    expect(data.map(({ error }) => error).sort()).toEqual(["http.410", "webhook.disabled"]);
  });

  it("gets a message that the job is cancelled when its dream is deleted", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    const job = await edge.newJob(key);
    await edge.claim(job);
    const film = await edge.newFilm(key);
    await edge.call("DELETE", `/dreams/${job.did}`, { key });
    await edge.call("DELETE", `/dreams/${film.did}`, { key });
    const { data } = await until(
      () => log(key, hook.id),
      (seen) => seen.data.length === 2 && seen.data.every(({ status }) => status === "delivered"),
    );
    expect(data.map(({ type, job_id }) => [type, job_id]).sort()).toEqual([
      ["job.cancelled", job.id],
      ["job.completed", film.id],
    ]);
    const bodies = receiver.received.map(({ body }) => JSON.parse(body));
    expect(bodies.find(({ type }) => type === "job.cancelled").data).toEqual({
      dream_id: job.did,
      job_id: job.id,
    });
  });

  it("that is slow or endless delays no other receiver, and its try counts as timed out", async () => {
    const { key } = await edge.newKey();
    const slow = await startReceiver();
    slow.answer = (response) => {
      response.writeHead(200);
      const pour = setInterval(() => response.write("x".repeat(65_536)), 5);
      response.on("close", () => clearInterval(pour));
    };
    const silent = await startReceiver();
    silent.answer = () => {};
    try {
      const endless = await make(key, { url: slow.url });
      const mute = await make(key, { url: silent.url });
      const fine = await make(key);
      await cancelled(key);
      expect((await settled(key, fine.id)).data).toMatchObject([{ status: "delivered" }]);
      expect((await settled(key, endless.id)).data).toMatchObject([{ status: "delivered" }]);
      const seen = await until(
        () => log(key, mute.id),
        ({ data }) => data[0]?.error != null,
      );
      expect(seen.data).toMatchObject([
        { status: "pending", error: "connection.timeout", response_status: null },
      ]);
    } finally {
      await slow.close();
      await silent.close();
    }
  });

  it("gets a message again on request", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    await cancelled(key);
    const [delivery] = (await settled(key, hook.id)).data;
    const again = await edge.call("POST", `/webhooks/${hook.id}/deliveries/${delivery?.id}/redeliver`, {
      key,
    });
    expect(again).toMatchObject({ status: 202, json: { id: delivery?.id, status: "pending", attempts: 0 } });
    await until(
      async () => receiver.received,
      (all) => all.length === 2,
    );
    expect(receiver.received[1]).toMatchObject({
      body: receiver.received[0]?.body,
      headers: { "webhook-id": delivery?.id },
    });
  });
});
