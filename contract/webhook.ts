/** Webhooks that owners register, and the messages that they get: Standard Webhooks 1.0. */
import { z } from "zod";
import { DreamId } from "./dream.ts";
import { limits } from "./limits.ts";

/** The types of events that end a job, or that ask its owner for an approval. */
export const WebhookEventType = z.enum([
  "job.completed",
  "job.failed",
  "job.cancelled",
  "job.waiting",
  "job.expiring",
  "job.expired",
]);
export type WebhookEventType = z.infer<typeof WebhookEventType>;

const url = z
  .url()
  .max(limits.webhookUrlChars)
  .describe("Public, https, port 443, without user and password.");
const events = z.array(WebhookEventType).min(1).describe("The events that are sent.");

export const NewWebhook = z
  .strictObject({
    url,
    events: events.default([...WebhookEventType.options]),
    enabled: z.boolean().default(true),
  })
  .meta({ id: "NewWebhook" });

export const PatchWebhook = z
  .strictObject({ url: url.optional(), events: events.optional(), enabled: z.boolean().optional() })
  .meta({ id: "PatchWebhook" });

export const Webhook = z
  .object({
    id: z.string(),
    url: z.string(),
    events: z.array(WebhookEventType),
    enabled: z.boolean(),
    disabled_reason: z.enum(["gone"]).nullable().describe("`gone`: the address answered 410."),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof Webhook>;

export const WebhookMade = Webhook.extend({
  secret: z.string().describe("`whsec_…`, to check signatures with. Shown this once."),
}).meta({ id: "WebhookMade" });
export type WebhookMade = z.infer<typeof WebhookMade>;

export const WebhookList = z.object({ data: z.array(Webhook) }).meta({ id: "WebhookList" });
export type WebhookList = z.infer<typeof WebhookList>;

/** One message and its delivery. */
export const Delivery = z
  .object({
    id: z.string().describe("The message's `webhook-id`, the same at every try."),
    type: WebhookEventType,
    job_id: z.string(),
    status: z.enum(["pending", "delivered", "failed"]),
    attempts: z.int(),
    next_attempt_at: z.iso.datetime().nullable(),
    last_attempt_at: z.iso.datetime().nullable(),
    response_status: z.int().nullable().describe("Of the last try, where there was an answer."),
    error: z.string().nullable().describe("Why the last try failed."),
    created_at: z.iso.datetime(),
  })
  .meta({ id: "Delivery" });
export type Delivery = z.infer<typeof Delivery>;

export const DeliveryList = z
  .object({ data: z.array(Delivery), next_cursor: z.string().nullable() })
  .meta({ id: "DeliveryList" });
export type DeliveryList = z.infer<typeof DeliveryList>;

/**
 * The body of a message: the event, its job and its dream. The video status has the film's addresses, which
 * are signed anew at each request.
 */
export const WebhookMessage = z
  .object({
    type: WebhookEventType,
    timestamp: z.iso.datetime().describe("When it happened."),
    data: z.looseObject({ dream_id: DreamId, job_id: z.string() }).describe("The event's own fields."),
  })
  .meta({ id: "WebhookMessage" });
export type WebhookMessage = z.infer<typeof WebhookMessage>;
