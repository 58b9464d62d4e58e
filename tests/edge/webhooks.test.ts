import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Webhook, WebhookList } from "../../contract/webhook.ts";
import { type Edge, startEdge } from "./harness.ts";
import { type Receiver, startReceiver } from "./receive.ts";
import { useWebhooks, webhookOwner } from "./webhook-owner.ts";

const { edge, owner } = await useWebhooks();
const { make, log, settled, cancelled } = owner;

describe("/webhooks", () => {
  it("keeps, shows, changes and forgets; the secret is shown once", async () => {
    const { key } = await edge.newKey();
    const { secret, ...hook } = await make(key);
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect((await edge.call<WebhookList>("GET", "/webhooks", { key })).json).toEqual({ data: [hook] });
    expect((await edge.call<Webhook>("GET", `/webhooks/${hook.id}`, { key })).json).toEqual(hook);
    const change = { enabled: false, events: ["job.failed"] };
    const changed = await edge.call<Webhook>("PATCH", `/webhooks/${hook.id}`, { key, body: change });
    expect(changed.json).toEqual({ ...hook, ...change });
    expect((await edge.call("PATCH", `/webhooks/${hook.id}`, { key, body: {} })).json).toEqual({
      ...hook,
      ...change,
    });
    expect((await edge.call("DELETE", `/webhooks/${hook.id}`, { key })).status).toBe(204);
    expect((await edge.call("DELETE", `/webhooks/${hook.id}`, { key })).status).toBe(404);
  });

  it("is visible to its owner only", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    await cancelled(key);
    const [delivery] = (await settled(key, hook.id)).data;
    const { key: stranger } = await edge.newKey();
    const asked = [
      ["GET", `/webhooks/${hook.id}`],
      ["PATCH", `/webhooks/${hook.id}`],
      ["DELETE", `/webhooks/${hook.id}`],
      ["GET", `/webhooks/${hook.id}/deliveries`],
      ["POST", `/webhooks/${hook.id}/deliveries/${delivery?.id}/redeliver`],
    ] as const;
    for (const [method, path] of asked) {
      const body = method === "PATCH" ? { enabled: false } : undefined;
      expect((await edge.call(method, path, { key: stranger, body })).json).toMatchObject({
        code: "webhook.not_found",
      });
      expect((await edge.call(method, path, { key: "dr_none", body })).json).toMatchObject({
        code: "auth.invalid",
      });
    }
    expect((await edge.call<WebhookList>("GET", "/webhooks", { key: stranger })).json.data).toEqual([]);
    const mine = await make(stranger);
    const path = `/webhooks/${mine.id}/deliveries/${delivery?.id}/redeliver`;
    expect((await edge.call("POST", path, { key: stranger })).json).toMatchObject({
      code: "delivery.not_found",
    });
  });

  it("gives its log in pages", async () => {
    const { key } = await edge.newKey();
    const hook = await make(key);
    for (let i = 0; i < 3; i++) await cancelled(key);
    const first = await log(key, hook.id, "?limit=2");
    const second = await log(key, hook.id, `?limit=2&cursor=${first.next_cursor}`);
    const ids = [...first.data, ...second.data].map(({ id }) => id);
    expect(new Set(ids).size).toBe(3);
    expect(second.next_cursor).toBeNull();
    expect((await log(key, hook.id, "?cursor=nonsense")).code).toBe("cursor.invalid");
  });

  it("are twenty at most", async () => {
    const { key } = await edge.newKey();
    const made = await Promise.all(Array.from({ length: 25 }, () => make(key)));
    expect(made.filter(({ secret }) => secret).length).toBe(20);
    expect(made.filter(({ code }) => code === "webhook.too_many").length).toBe(5);
  });
});

describe("where private addresses are not allowed", () => {
  let strict: Edge;
  let strictOwner: ReturnType<typeof webhookOwner>;
  let dns: Receiver;
  const names: Record<string, string[]> = {
    "inside.example": ["10.0.0.7"],
    "both.example": ["8.8.8.8", "127.0.0.1"],
    "six.example": ["::ffff:127.0.0.1"],
  };
  beforeAll(async () => {
    dns = await startReceiver();
    dns.answer = (response, { path }) => {
      const asked = new URL(path, "http://dns");
      const type = asked.searchParams.get("type") === "A" ? 1 : 28;
      const all = names[asked.searchParams.get("name") ?? ""] ?? [];
      const data = all.filter((ip) => ip.includes(":") === (type === 28)).map((ip) => ({ type, data: ip }));
      response
        .writeHead(200, { "content-type": "application/dns-json" })
        .end(JSON.stringify({ Status: 0, Answer: data }));
    };
    strict = await startEdge({ WEBHOOKS_ALLOW_PRIVATE: "0", WEBHOOKS_DNS_URL: dns.url });
    strictOwner = webhookOwner(strict, "https://example.com/");
  });
  afterAll(async () => {
    await strict.close();
    await dns.close();
  });

  it.each([
    "http://example.com/",
    "https://127.0.0.1/",
    "https://[::1]/",
    "https://app.internal/",
    `https://2130706433/`,
  ])("refuses %s at once, when made and when changed", async (url) => {
    const { key } = await strict.newKey();
    expect(await strictOwner.make(key, { url })).toMatchObject({
      status: 422,
      code: "webhook.address_refused",
    });
    const { id } = await strictOwner.make(key, { url: "https://example.com/" });
    const changed = await strict.call("PATCH", `/webhooks/${id}`, { key, body: { url } });
    expect(changed.json).toMatchObject({ status: 422, code: "webhook.address_refused" });
  });

  it.each(["inside.example", "both.example", "six.example"])(
    "sends nothing to %s, which has a private address",
    async (name) => {
      const { key } = await strict.newKey();
      const { id } = await strictOwner.make(key, { url: `https://${name}/` });
      await strictOwner.cancelled(key);
      expect((await strictOwner.settled(key, id)).data).toMatchObject([
        { status: "pending", error: "address.private", response_status: null },
      ]);
    },
  );

  it("sends nothing if the name has no address", async () => {
    const { key } = await strict.newKey();
    const { id } = await strictOwner.make(key, { url: "https://nowhere.example/" });
    await strictOwner.cancelled(key);
    expect((await strictOwner.settled(key, id)).data).toMatchObject([{ error: "address.unknown" }]);
  });
});
