/** The API's description, made from the very schemas that check requests. */
import { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "zod";
import { limits } from "../../contract/limits.ts";
import { Problem, type ProblemCode, problems } from "../../contract/problem.ts";
import { WebhookEventType, WebhookMessage } from "../../contract/webhook.ts";
import type { Access, Endpoint } from "./endpoint.ts";
import { policies } from "./rate-policies.ts";

export function describeApi(endpoints: readonly Endpoint[]) {
  const { openAPIRegistry, getOpenAPI31Document } = new OpenAPIHono();
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
  for (const one of endpoints) {
    const { params, query, body } = one;
    openAPIRegistry.registerPath({
      method: one.method,
      path: one.path.replace("+}", "}"),
      operationId: one.name,
      summary: one.summary,
      ...(one.description === undefined ? {} : { description: one.description }),
      tags: [one.tag],
      security: security[one.access],
      request: {
        ...(params ? { params } : {}),
        ...(query ? { query } : {}),
        ...(one.idempotent ? { headers: IdempotencyHeader } : {}),
        ...(body
          ? {
              body: {
                required: !one.bodyOptional,
                content: {
                  "application/json": {
                    schema: body,
                    ...(one.example === undefined ? {} : { example: one.example }),
                  },
                },
              },
            }
          : {}),
      },
      responses: { ...answers(one), ...refusals(one) },
    });
  }
  return getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Dreamreel",
      version: "0.1.0",
      description,
    },
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

const security: Record<Access, Record<string, string[]>[]> = {
  public: [],
  key: [{ apiKey: [] }],
  listener: [{ apiKey: [] }, { eventsToken: [] }],
  admin: [{ adminKey: [] }],
  worker: [{ signature: [] }],
};

const IdempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .max(limits.idempotencyKeyChars)
    .optional()
    .describe(
      "For 24 hours a repeated request with the same key gets the same answer and has no second effect.",
    ),
});

function answers(one: Endpoint) {
  return Object.fromEntries(
    Object.entries(one.answers).map(([status, { description, schema, contentType, headers }]) => [
      status,
      {
        description,
        ...(schema || contentType
          ? {
              content: {
                [contentType ?? "application/json"]: {
                  schema: schema ?? { type: "string" as const, format: "binary" },
                },
              },
            }
          : {}),
        ...(headers
          ? {
              headers: Object.fromEntries(
                Object.entries(headers).map(([name, text]) => [
                  name,
                  { description: text, schema: { type: "string" as const } },
                ]),
              ),
            }
          : {}),
      },
    ]),
  );
}

/** Every problem that the endpoint may answer, grouped by status, with its codes as examples. */
function refusals(one: Endpoint) {
  const byStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(one)) {
    const [status] = problems[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${problems[code][1]}.`).join(" "),
        content: {
          "application/problem+json": {
            schema: Problem,
            examples: Object.fromEntries(
              codes.map((code) => [
                code,
                { value: { type: `/problems/${code}`, title: problems[code][1], status, code } },
              ]),
            ),
          },
        },
      },
    ]),
  );
}

const byAccess: Record<Access, readonly ProblemCode[]> = {
  public: [],
  key: ["auth.missing", "auth.invalid", "request.rate_limited"],
  listener: ["auth.missing", "auth.invalid", "token.invalid", "request.rate_limited"],
  admin: ["auth.missing", "auth.invalid", "request.rate_limited"],
  worker: ["signature.missing", "signature.invalid", "signature.stale", "signature.replayed"],
};

export function problemsOf(one: Endpoint): Set<ProblemCode> {
  return new Set<ProblemCode>([
    ...byAccess[one.access],
    ...(one.params || one.query || one.body ? (["request.invalid"] as const) : []),
    ...(one.body
      ? (["request.not_json", "request.too_large", "request.unsupported_media_type"] as const)
      : []),
    ...(one.idempotent ? (["idempotency.key_invalid", "idempotency.key_reused"] as const) : []),
    ...one.problems,
  ]);
}
