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
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { newRouter } from "../http/api.ts";
import { readCursor, writeCursor } from "../http/cursor.ts";
import { json, jsonBody, route } from "../http/route.ts";
import { presentDelivery } from "../present/present-delivery.ts";
import { dueAgain, listDeliveries } from "../store/owner-deliveries.ts";
import { limitProblem, problemsOfLimits, readOwnerLimits } from "../store/owner-limits.ts";
import {
  deleteWebhook,
  insertWebhook,
  readWebhooks,
  updateWebhook,
  type WebhookRow,
} from "../store/webhooks.ts";
import { notifySenders } from "../webhooks/notify-senders.ts";
import { refuseAddress } from "../webhooks/refuse-address.ts";

export const webhookRoutes = newRouter();

const Id = z.string().max(64);
const OneWebhook = z.object({ id: Id });

const create = route({
  method: "post",
  path: "/webhooks",
  operationId: "createWebhook",
  summary: "Create a webhook",
  description:
    "Messages are signed by Standard Webhooks 1.0 with the secret of the answer, sent at once, and tried up to ten times in three days " +
    "until an answer is 2xx. 410 disables the webhook.",
  tags: ["Webhooks"],
  access: "key",
  request: { body: jsonBody(NewWebhook) },
  responses: { 201: json("The webhook and its secret.", WebhookMade) },
  problems: ["webhook.address_refused", ...problemsOfLimits("webhook")],
});

webhookRoutes.openapi(create, async (c) => {
  const { keyHash, ports, primary } = c.var;
  const body = c.req.valid("json");
  requireAddress(body.url, c.env);
  const hook = {
    id: ports.newId("webhook"),
    ...{ url: body.url, events: body.events, enabled: body.enabled },
    secret: `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`,
    createdAt: ports.now(),
  };
  const ownerLimits = readOwnerLimits(c.env);
  const stored = await insertWebhook(primary(), keyHash, hook, ownerLimits);
  if (stored === null) throw invalidKey();
  if (!stored.made) throw limitProblem(stored.limit ?? "webhook.too_many", ownerLimits);
  const shown: WebhookMade = {
    id: hook.id,
    ...{ url: hook.url, events: hook.events, enabled: hook.enabled, disabled_reason: null },
    created_at: new Date(hook.createdAt).toISOString(),
    secret: hook.secret,
  };
  return c.json(shown, 201, { "cache-control": "no-store" });
});

const list = route({
  method: "get",
  path: "/webhooks",
  operationId: "listWebhooks",
  summary: "List your webhooks, oldest first",
  tags: ["Webhooks"],
  access: "key",
  responses: { 200: json("All webhooks of the owner.", WebhookList) },
  problems: [],
});

webhookRoutes.openapi(list, async (c) => {
  const { keyHash, primary } = c.var;
  const rows = await readWebhooks(primary(), keyHash);
  if (rows === undefined) throw invalidKey();
  return c.json({ data: rows.map(present) }, 200);
});

const get = route({
  method: "get",
  path: "/webhooks/{id}",
  operationId: "getWebhook",
  summary: "Read a webhook",
  tags: ["Webhooks"],
  access: "key",
  request: { params: OneWebhook },
  responses: { 200: json("The webhook, without its secret.", Webhook) },
  problems: ["webhook.not_found"],
});

webhookRoutes.openapi(get, async (c) => {
  const { keyHash, primary } = c.var;
  const { id } = c.req.valid("param");
  const rows = await readWebhooks(primary(), keyHash, id);
  if (rows === undefined) throw invalidKey();
  const [row] = rows;
  if (row === undefined) throw new ApiError("webhook.not_found");
  return c.json(present(row), 200);
});

const patch = route({
  method: "patch",
  path: "/webhooks/{id}",
  operationId: "changeWebhook",
  summary: "Change a webhook",
  description:
    "Disabling ends all pending deliveries as failed. Each can be sent again with the redeliver endpoint.",
  tags: ["Webhooks"],
  access: "key",
  request: { params: OneWebhook, body: jsonBody(PatchWebhook) },
  responses: { 200: json("The changed webhook.", Webhook) },
  problems: ["webhook.not_found", "webhook.address_refused"],
});

webhookRoutes.openapi(patch, async (c) => {
  const { keyHash, primary } = c.var;
  const { id } = c.req.valid("param");
  const { url, events, enabled } = c.req.valid("json");
  if (url !== undefined) requireAddress(url, c.env);
  const change = {
    ...(url === undefined ? {} : { url }),
    ...(events === undefined ? {} : { events }),
    ...(enabled === undefined ? {} : { enabled }),
  };
  const session = primary();
  const row = await updateWebhook(session, keyHash, id, change);
  if (row !== undefined) return c.json(present(row), 200);
  const known = await readWebhooks(session, keyHash);
  throw known === undefined ? invalidKey() : new ApiError("webhook.not_found");
});

const remove = route({
  method: "delete",
  path: "/webhooks/{id}",
  operationId: "deleteWebhook",
  summary: "Delete a webhook and its log",
  tags: ["Webhooks"],
  access: "key",
  request: { params: OneWebhook },
  responses: { 204: { description: "The webhook is deleted. No more messages are sent." } },
  problems: ["webhook.not_found"],
});

webhookRoutes.openapi(remove, async (c) => {
  const { keyHash, primary } = c.var;
  const { id } = c.req.valid("param");
  const session = primary();
  const rows = await readWebhooks(session, keyHash, id);
  if (rows === undefined) throw invalidKey();
  if (rows.length === 0) throw new ApiError("webhook.not_found");
  await deleteWebhook(session, id);
  return c.body(null, 204);
});

const deliveries = route({
  method: "get",
  path: "/webhooks/{id}/deliveries",
  operationId: "listDeliveries",
  summary: "List a webhook's deliveries, newest first",
  description: "Kept for 30 days.",
  tags: ["Webhooks"],
  access: "key",
  request: {
    params: OneWebhook,
    query: z.strictObject({
      limit: z.coerce.number().int().min(1).max(limits.pageSize).default(20),
      cursor: z.string().max(200).optional().describe("`next_cursor` of the previous page."),
    }),
  },
  responses: { 200: json("A page.", DeliveryList) },
  problems: ["webhook.not_found", "cursor.invalid"],
});

webhookRoutes.openapi(deliveries, async (c) => {
  const { keyHash, primary } = c.var;
  const { id } = c.req.valid("param");
  const { limit, cursor } = c.req.valid("query");
  const after = cursor === undefined ? null : readCursor(cursor);
  const found = await listDeliveries(primary(), keyHash, id, after, limit + 1);
  if (found === undefined) throw invalidKey();
  if (found.hook === null) throw new ApiError("webhook.not_found");
  const page = found.rows.slice(0, limit);
  const last = found.rows.length > limit ? page.at(-1) : undefined;
  const next_cursor = last ? writeCursor({ createdAt: last.created_at, id: last.id }) : null;
  return c.json({ data: page.map(presentDelivery), next_cursor }, 200);
});

const redeliver = route({
  method: "post",
  path: "/webhooks/{id}/deliveries/{delivery_id}/redeliver",
  operationId: "redeliver",
  summary: "Send a message again",
  description: "The same message with the same `webhook-id` gets all its tries again.",
  tags: ["Webhooks"],
  access: "key",
  request: { params: z.object({ id: Id, delivery_id: Id }) },
  responses: { 202: json("The delivery is pending.", Delivery) },
  problems: ["webhook.not_found", "webhook.disabled", "delivery.not_found"],
});

webhookRoutes.openapi(redeliver, async (c) => {
  const { keyHash, ports, primary, defer } = c.var;
  const { id, delivery_id } = c.req.valid("param");
  const found = await dueAgain(primary(), keyHash, id, delivery_id, ports.now());
  if (found === undefined) throw invalidKey();
  if (found.hook === null) throw new ApiError("webhook.not_found");
  if (found.row === null) throw new ApiError("delivery.not_found");
  if (!found.hook.enabled) throw new ApiError("webhook.disabled");
  notifySenders(c.env, defer, [found.hook.ownerId]);
  return c.json(presentDelivery(found.row), 202);
});

/** Checks that webhooks may go to this address. @throws ApiError `webhook.address_refused` */
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
