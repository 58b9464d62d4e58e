/**
 * Declares one endpoint: `createRoute` with the checks that run before its handler, and with the problems
 * that these checks and the handler answer. So the document and the checks come from one declaration. Order
 * of the checks: caller, body's size, signature, parameters, body.
 */
import { createRoute, type RouteConfig } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { type ZodType, z } from "zod";
import { limits } from "../../contract/limits.ts";
import { Problem, type ProblemCode, problems } from "../../contract/problem.ts";
import type { Access, App, Callers, Variables } from "./api.ts";
import { guard, isJson } from "./guard.ts";

/** The groups of endpoints in the API's document. */
export type Tag = "Dreams" | "Videos" | "Webhooks" | "Worker" | "Keys" | "Operations" | "Service";

export interface Declared extends Omit<RouteConfig, "middleware" | "security" | "hide"> {
  operationId: string;
  summary: string;
  tags: [Tag];
  access: Access;
  /** Called so often that only its problems are logged. */
  quiet?: boolean;
  /** Takes an Idempotency-Key. */
  idempotent?: boolean;
  /** Costs money or much work, so callers are counted under a second, lower rate limit. */
  expensive?: boolean;
  /** Problems besides those that the endpoint's access, parameters and body imply. */
  problems: readonly ProblemCode[];
}

/** What the handler's types need: the declaration, and the variables that the checks set for this access. */
type Route<R extends Declared> = R & {
  middleware: MiddlewareHandler<{ Bindings: App["Bindings"]; Variables: Variables & Callers[R["access"]] }>;
};

/** The endpoint for `router.openapi`. Its checks throw ApiError before the handler runs. */
export function route<P extends string, R extends Declared & { path: P }>(declared: R): Route<R> {
  const { access, quiet, idempotent, expensive, problems: _, ...config } = declared;
  return createRoute({
    ...config,
    request: { ...config.request, ...(idempotent ? { headers: IdempotencyHeader } : {}) },
    security: security[access],
    middleware: guard(declared),
    responses: { ...config.responses, ...problemResponses(problemsOf(declared)) },
  } as RouteConfig) as unknown as Route<R>;
}

/** A response of JSON. `headers` are the names and descriptions of its headers. */
export const json = <S extends ZodType>(
  description: string,
  schema: S,
  headers: Record<string, string> = {},
) => ({
  description,
  content: { "application/json": { schema } },
  ...(Object.keys(headers).length > 0 ? { headers: describeHeaders(headers) } : {}),
});

/** A response of another media type. */
export const binary = (description: string, mediaType: string) => ({
  description,
  content: { [mediaType]: { schema: { type: "string" as const, format: "binary" } } },
});

/** A body of JSON. If it is not `required`, an absent body counts as `{}`. */
export const jsonBody = <S extends ZodType>(
  schema: S,
  { example, required = true }: { example?: z.input<S>; required?: boolean } = {},
) => ({
  required,
  content: { "application/json": { schema, ...(example === undefined ? {} : { example }) } },
});

/** A body of bytes in one of these media types. What it says of its type is not relied on. */
export const bytesBody = (...mediaTypes: string[]) => ({
  required: true,
  content: Object.fromEntries(
    mediaTypes.map((type) => [type, { schema: { type: "string" as const, format: "binary" } }]),
  ),
});

const describeHeaders = (headers: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [
      name,
      { description, schema: { type: "string" as const } },
    ]),
  );

const security: Record<Access, Record<string, string[]>[]> = {
  public: [],
  key: [{ apiKey: [] }],
  listener: [{ apiKey: [] }, { eventsToken: [] }],
  admin: [{ adminKey: [] }],
  worker: [{ signature: [] }],
};

/** Only documents the header: `claimIdempotency` checks it and has a problem code of its own. */
const IdempotencyHeader = z.object({
  "idempotency-key": z
    .string()
    .optional()
    .describe(
      "For 24 hours a repeated request with the same key gets the same answer and has no second effect.",
    )
    .meta({ maxLength: limits.idempotencyKeyChars }),
});

const byAccess: Record<Access, readonly ProblemCode[]> = {
  public: [],
  key: ["auth.missing", "auth.invalid", "request.rate_limited"],
  listener: ["auth.missing", "auth.invalid", "token.invalid", "request.rate_limited"],
  admin: ["auth.missing", "auth.invalid", "request.rate_limited"],
  worker: ["signature.missing", "signature.invalid", "signature.stale", "signature.replayed"],
};

const problemsOf = ({ access, request, idempotent, problems }: Declared): Set<ProblemCode> =>
  new Set<ProblemCode>([
    ...byAccess[access],
    ...(request ? (["request.invalid"] as const) : []),
    ...(isJson(request?.body)
      ? (["request.not_json", "request.too_large", "request.unsupported_media_type"] as const)
      : []),
    ...(idempotent ? (["idempotency.key_invalid", "idempotency.key_reused"] as const) : []),
    ...problems,
  ]);

/** The problems by HTTP status, with the codes as examples. */
function problemResponses(codes: Set<ProblemCode>) {
  const byStatus = Map.groupBy(codes, (code) => problems[code][0]);
  return Object.fromEntries(
    Array.from(byStatus, ([status, codes]) => [
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
