/** The API's document, made from the same schemas that check requests. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import { limits } from "../../contract/limits.ts";
import { WebhookEventType, WebhookMessage } from "../../contract/webhook.ts";
import type { App } from "./api.ts";
import { policies } from "./rate-policies.ts";

/** Registers what belongs to no endpoint: the ways to authenticate, and the messages that webhooks receive. */
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
    info: { title: "Dreamreel", version: "0.1.0", description },
    tags: [
      { name: "Dreams" },
      { name: "Videos" },
      { name: "Webhooks" },
      { name: "Keys" },
      { name: "Operations" },
      { name: "Worker" },
      { name: "Service" },
    ],
  });
  // A parameter that takes the rest of the path has a pattern for Hono, which OpenAPI does not know.
  const paths = Object.entries(document.paths ?? {}).map(([path, item]) => [path.replace("{.+}", ""), item]);
  return { ...document, paths: Object.fromEntries(paths) };
}

const description = `Turns a dream that somebody wrote or told into a narrated, captioned video.

1. \`POST /dreams\` stores the words.
2. \`POST /dreams/{did}/finish\` asks for the video.
3. \`GET /dreams/{did}/video-status\` tells how it stands and, at the end, where it plays.

**Limits.** ${limits.transcriptChars} characters of text, ${limits.titleChars} of title, bodies of ${limits.bodyBytes / 1024} KiB,
videos of ${limits.filmSeconds.min} to ${limits.filmSeconds.max} seconds, ${limits.pageSize} dreams a page.

**How often.** ${policies.requests.quota} requests a minute and key, ${policies.films.quota} of them for new films; \`RateLimit-Policy\` says so with every
answer. Beyond that: 429 with \`Retry-After\`.

**Errors** are RFC 9457 problems with a stable \`code\`; \`type\` is an address that explains it.

**Asking twice** is safe where an \`Idempotency-Key\` may be sent: the answer is kept for ${limits.idempotencyKeepSeconds / 3600} hours.

**Reading your own writes.** Every answer that touched the database has an \`x-d1-bookmark\`. Send the last one you got
along with a read, and the read is not older than that, wherever it is answered.

Every answer has an \`x-request-id\`; name it when something went wrong.`;
