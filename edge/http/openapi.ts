/** The API's document, made from the same schemas that check requests. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { limits } from "../../contract/limits.ts";
import { WebhookEventType, WebhookMessage } from "../../contract/webhook.ts";
import type { App } from "./api.ts";
import { policies } from "./rate-policies.ts";
import type { Tag } from "./route.ts";

/**
 * Registers what belongs to no endpoint: the authentication schemes, and the messages that webhooks receive.
 */
export function registerShared({ openAPIRegistry }: OpenAPIHono<App>): void {
  openAPIRegistry.registerComponent("securitySchemes", "apiKey", {
    type: "http",
    scheme: "bearer",
    description: "An API key, `dr_…`.",
  });
  openAPIRegistry.registerComponent("securitySchemes", "eventsToken", {
    type: "apiKey",
    in: "query",
    name: "token",
    description: "From POST /dreams/{did}/video-events/token, for EventSource, which sends no headers.",
  });
  openAPIRegistry.registerComponent("securitySchemes", "adminKey", {
    type: "http",
    scheme: "bearer",
    description: "The admin key.",
  });
  openAPIRegistry.registerComponent("securitySchemes", "signature", {
    type: "apiKey",
    in: "header",
    name: "webhook-signature",
    description: "Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.",
  });
  for (const type of WebhookEventType.options) {
    openAPIRegistry.registerWebhook({
      method: "post",
      path: type,
      operationId: type.replace(/\.(.)/, (_, letter: string) => letter.toUpperCase()),
      security: [{ signature: [] }],
      summary: "Sent to webhooks that subscribe to it",
      description: "Signed by Standard Webhooks 1.0: `webhook-id`, `webhook-timestamp`, `webhook-signature`.",
      tags: ["Webhooks"],
      request: { body: { content: { "application/json": { schema: WebhookMessage } } } },
      responses: { 200: { description: "Any 2xx accepts the message. 410 disables the webhook." } },
    });
  }
}

/** The OpenAPI 3.1 document of every endpoint that `app` has. */
export function describeApi(app: OpenAPIHono<App>) {
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Dreamreel",
      version: "0.1.0",
      description,
      license: { name: "MIT", url: "https://spdx.org/licenses/MIT" },
    },
    servers: [{ url: "/", description: "The deployment that serves this document." }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
  });
  // For Hono, a parameter that takes the rest of the path has a pattern, which OpenAPI does not know.
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [path.replace("{.+}", ""), item]);
  return { ...document, paths: Object.fromEntries(paths) };
}

const tags: Record<Tag, string> = {
  Dreams: "The text of dreams, written or told in recorded segments.",
  Videos: "Request, watch, change and cancel the video of a dream.",
  Webhooks: "Addresses that receive a message when a job ends.",
  Keys: "API keys, for the holder of the admin key.",
  Operations: "What operators see and change, for the holder of the admin key.",
  Worker: "What render workers call. Every request is signed.",
  Service: "The service itself: health, and explanations of problem codes.",
};

const description = `Turns the text of a dream into a narrated, captioned video.

1. \`POST /dreams\` stores the text.
2. \`POST /dreams/{did}/finish\` requests the video.
3. \`GET /dreams/{did}/video-status\` returns its status and, at the end, its address.

**Limits.** ${limits.transcriptChars} characters of text, ${limits.titleChars} of title, bodies of ${limits.bodyBytes / 1024} KiB,
videos of ${limits.filmSeconds.min} to ${limits.filmSeconds.max} seconds, ${limits.pageSize} dreams a page.

**Rate limits.** ${policies.requests.quota} requests per minute and key, ${policies.films.quota} of them for new films; \`RateLimit-Policy\` says so with every
answer. Beyond that: 429 with \`Retry-After\`.

**Errors** are RFC 9457 problems with a stable \`code\`; \`type\` is the address of its explanation.

**Repeated requests** are safe with an \`Idempotency-Key\`: the answer is kept for ${limits.idempotencyKeepSeconds / 3600} hours.

**Reading your own writes.** Every answer that touched the database has an \`x-d1-bookmark\`. Send the last one you
received with a read, and the answer is not older, whichever replica gives it.

Every answer has an \`x-request-id\`: name it when you report a problem.`;
