import { z } from "zod";
import { limits } from "../../contract/limits.ts";
import {
  Delivery,
  DeliveryList,
  NewWebhook,
  PatchWebhook,
  Webhook,
  WebhookList,
  WebhookMade,
} from "../../contract/webhook.ts";
import { ApiError } from "../errors/api-error.ts";
import { invalidKey } from "../errors/invalid-key.ts";
import { readCursor, writeCursor } from "../http/cursor.ts";
import { endpoint } from "../http/endpoint.ts";
import { dueAgain, listDeliveries, presentDelivery } from "../store/deliveries.ts";
import {
  deleteWebhook,
  insertWebhook,
  readWebhooks,
  updateWebhook,
  type WebhookRow,
} from "../store/webhooks.ts";
import { notifySenders } from "../webhooks/notify-senders.ts";
import { refuseAddress } from "../webhooks/refuse-address.ts";

const Id = z.string().max(64);
const OneWebhook = z.object({ id: Id });

const create = endpoint({
  method: "post",
  path: "/webhooks",
  name: "createWebhook",
  summary: "Create a webhook",
  description:
    "Messages are signed by Standard Webhooks 1.0 with the secret of the answer, sent at once, and tried ten times over three days " +
    "until an answer is 2xx. 410 disables the webhook.",
  tag: "Webhooks",
  access: "key",
  body: NewWebhook,
  answers: { 201: { description: "The webhook and its secret.", schema: WebhookMade } },
  problems: ["webhook.address_refused", "webhook.too_many"],
  async handle({ env, body, caller, ports, primary }) {
    requireAddress(body.url, env);
    const hook = {
      id: ports.newId("webhook"),
      ...{ url: body.url, events: body.events, enabled: body.enabled },
      secret: `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`,
      createdAt: ports.now(),
    };
    const stored = await insertWebhook(primary(), caller.keyHash, hook, limits.webhooks);
    if (stored === null) throw invalidKey();
    if (!stored.made) {
      throw new ApiError("webhook.too_many", { detail: `At most ${limits.webhooks} are possible.` });
    }
    const shown: WebhookMade = {
      id: hook.id,
      ...{ url: hook.url, events: hook.events, enabled: hook.enabled, disabled_reason: null },
      created_at: new Date(hook.createdAt).toISOString(),
      secret: hook.secret,
    };
    return Response.json(shown, { status: 201, headers: { "cache-control": "no-store" } });
  },
});

const list = endpoint({
  method: "get",
  path: "/webhooks",
  name: "listWebhooks",
  summary: "List your webhooks, oldest first",
  tag: "Webhooks",
  access: "key",
  answers: { 200: { description: "All of them.", schema: WebhookList } },
  problems: [],
  async handle({ caller, primary }) {
    const rows = await readWebhooks(primary(), caller.keyHash);
    if (rows === undefined) throw invalidKey();
    return Response.json({ data: rows.map(present) } satisfies WebhookList);
  },
});

const get = endpoint({
  method: "get",
  path: "/webhooks/{id}",
  name: "getWebhook",
  summary: "Read a webhook",
  tag: "Webhooks",
  access: "key",
  params: OneWebhook,
  answers: { 200: { description: "The webhook, without its secret.", schema: Webhook } },
  problems: ["webhook.not_found"],
  async handle({ caller, params, primary }) {
    const rows = await readWebhooks(primary(), caller.keyHash, params.id);
    if (rows === undefined) throw invalidKey();
    const [row] = rows;
    if (row === undefined) throw new ApiError("webhook.not_found");
    return Response.json(present(row));
  },
});

const patch = endpoint({
  method: "patch",
  path: "/webhooks/{id}",
  name: "changeWebhook",
  summary: "Change a webhook",
  description:
    "Disabling ends all pending deliveries as failed. Each can be sent again with the redeliver endpoint.",
  tag: "Webhooks",
  access: "key",
  params: OneWebhook,
  body: PatchWebhook,
  answers: { 200: { description: "The changed webhook.", schema: Webhook } },
  problems: ["webhook.not_found", "webhook.address_refused"],
  async handle({ env, body, caller, params, primary }) {
    const { url, events, enabled } = body;
    if (url !== undefined) requireAddress(url, env);
    const change = {
      ...(url === undefined ? {} : { url }),
      ...(events === undefined ? {} : { events }),
      ...(enabled === undefined ? {} : { enabled }),
    };
    const session = primary();
    const row = await updateWebhook(session, caller.keyHash, params.id, change);
    if (row !== undefined) return Response.json(present(row));
    const known = await readWebhooks(session, caller.keyHash);
    throw known === undefined ? invalidKey() : new ApiError("webhook.not_found");
  },
});

const remove = endpoint({
  method: "delete",
  path: "/webhooks/{id}",
  name: "deleteWebhook",
  summary: "Delete a webhook and its log",
  tag: "Webhooks",
  access: "key",
  params: OneWebhook,
  answers: { 204: { description: "The webhook is deleted. No more messages are sent." } },
  problems: ["webhook.not_found"],
  async handle({ caller, params, primary }) {
    const session = primary();
    const rows = await readWebhooks(session, caller.keyHash, params.id);
    if (rows === undefined) throw invalidKey();
    if (rows.length === 0) throw new ApiError("webhook.not_found");
    await deleteWebhook(session, params.id);
    return new Response(null, { status: 204 });
  },
});

const deliveries = endpoint({
  method: "get",
  path: "/webhooks/{id}/deliveries",
  name: "listDeliveries",
  summary: "List a webhook's deliveries, newest first",
  description: "Kept for 30 days.",
  tag: "Webhooks",
  access: "key",
  params: OneWebhook,
  query: z.strictObject({
    limit: z.coerce.number().int().min(1).max(limits.pageSize).default(20),
    cursor: z.string().max(200).optional().describe("`next_cursor` of the previous page."),
  }),
  answers: { 200: { description: "A page.", schema: DeliveryList } },
  problems: ["webhook.not_found", "cursor.invalid"],
  async handle({ caller, params, query, primary }) {
    const cursor = query.cursor === undefined ? null : readCursor(query.cursor);
    const found = await listDeliveries(primary(), caller.keyHash, params.id, cursor, query.limit + 1);
    if (found === undefined) throw invalidKey();
    if (found.hook === null) throw new ApiError("webhook.not_found");
    const page = found.rows.slice(0, query.limit);
    const last = page.at(-1);
    return Response.json({
      data: page.map(presentDelivery),
      next_cursor:
        found.rows.length > query.limit && last
          ? writeCursor({ createdAt: last.created_at, id: last.id })
          : null,
    } satisfies DeliveryList);
  },
});

const redeliver = endpoint({
  method: "post",
  path: "/webhooks/{id}/deliveries/{delivery_id}/redeliver",
  name: "redeliver",
  summary: "Send a message again",
  description: "The same message with the same `webhook-id` gets all its tries again.",
  tag: "Webhooks",
  access: "key",
  params: z.object({ id: Id, delivery_id: Id }),
  answers: { 202: { description: "The delivery is pending.", schema: Delivery } },
  problems: ["webhook.not_found", "webhook.disabled", "delivery.not_found"],
  async handle({ env, caller, params, ports, primary, defer }) {
    const session = primary();
    const { id, delivery_id } = params;
    const found = await dueAgain(session, caller.keyHash, id, delivery_id, ports.now());
    if (found === undefined) throw invalidKey();
    if (found.hook === null) throw new ApiError("webhook.not_found");
    if (found.row === null) throw new ApiError("delivery.not_found");
    if (!found.hook.enabled) throw new ApiError("webhook.disabled");
    notifySenders(env, defer, [found.hook.ownerId]);
    return Response.json(presentDelivery(found.row), { status: 202 });
  },
});

/** @throws ApiError `webhook.address_refused` */
function requireAddress(url: string, env: { WEBHOOKS_ALLOW_PRIVATE?: string }): void {
  const detail = refuseAddress(url, env.WEBHOOKS_ALLOW_PRIVATE === "1");
  if (detail !== null) throw new ApiError("webhook.address_refused", { detail });
}

const present = (row: WebhookRow): Webhook => ({
  id: row.id,
  url: row.url,
  events: JSON.parse(row.events),
  enabled: row.enabled === 1,
  disabled_reason: row.disabledReason,
  created_at: new Date(row.createdAt).toISOString(),
});

export const webhookEndpoints = [create, list, get, patch, remove, deliveries, redeliver];
