/** The edge's addresses and what surrounds each request: its id, its problems, its log line when something broke. */
import { type Context, Hono } from "hono";
import { continueTrace, traceIdOf } from "../contract/trace.ts";
import { ApiError } from "./errors/api-error.ts";
import { allowOrigins } from "./http/cors.ts";
import { type App, type Endpoint, serve } from "./http/endpoint.ts";
import { describeApi } from "./http/openapi.ts";
import type { Ports } from "./ports.ts";
import { budgetEndpoints } from "./routes/budgets.ts";
import { costEndpoints } from "./routes/costs.ts";
import { deadLetterEndpoints } from "./routes/dead-letters.ts";
import { dreamEndpoints } from "./routes/dreams.ts";
import { eventEndpoints } from "./routes/events.ts";
import { filmEndpoints } from "./routes/films.ts";
import { keyEndpoints } from "./routes/keys.ts";
import { opsEndpoints } from "./routes/ops.ts";
import { sceneEndpoints } from "./routes/scenes.ts";
import { serviceEndpoints } from "./routes/service.ts";
import { videoEndpoints } from "./routes/videos.ts";
import { webhookEndpoints } from "./routes/webhooks.ts";
import { workerEndpoints } from "./routes/worker.ts";
import { isNotMigrated, isOverloaded, isTransient, reasonOf } from "./store/open.ts";

export const endpoints: readonly Endpoint[] = [
  ...dreamEndpoints,
  ...videoEndpoints,
  ...costEndpoints,
  ...eventEndpoints,
  ...sceneEndpoints,
  ...filmEndpoints,
  ...webhookEndpoints,
  ...workerEndpoints,
  ...keyEndpoints,
  ...budgetEndpoints,
  ...deadLetterEndpoints,
  ...opsEndpoints,
  ...serviceEndpoints,
];

export function buildApp(ports: Ports): Hono<App> {
  const app = new Hono<App>();

  app.use(async (c, next) => {
    const startedAt = ports.now();
    c.set("requestId", ports.newId("req"));
    c.set("traceparent", continueTrace(c.req.header("traceparent")));
    c.set("logFields", {});
    await next();
    c.res.headers.set("x-request-id", c.get("requestId"));
    logRequest(c, ports.now() - startedAt);
  });

  app.use(allowOrigins);

  for (const one of endpoints) {
    app.on(one.method.toUpperCase(), honoPath(one.path), (c) => serve(one, c, ports));
  }

  let description: string | undefined;
  app.get("/openapi.json", () => {
    description ??= JSON.stringify(describeApi(endpoints));
    return new Response(description, { headers: { "content-type": "application/json" } });
  });

  for (const path of new Set(endpoints.map((one) => one.path))) {
    const allow = endpoints.filter((one) => one.path === path).map((one) => one.method.toUpperCase());
    app.all(honoPath(path), () => {
      throw new ApiError("request.method_not_allowed", { headers: { allow: allow.join(", ") } });
    });
  }

  app.notFound((c) => new ApiError("request.not_found").toResponse(c.req.url, c.get("requestId")));

  app.onError((error, c) => {
    const requestId = c.get("requestId");
    const refusal = error instanceof ApiError ? error : explain(error);
    if (!(error instanceof ApiError)) {
      console.error(
        JSON.stringify({
          event: refusal.code,
          request_id: requestId,
          trace_id: traceIdOf(c.get("traceparent")),
          reason: reasonOf(error),
        }),
      );
    }
    return refusal.toResponse(c.req.url, requestId);
  });

  return app;
}

/**
 * One line for each request that changed something or was refused: which, by whose trace, how it ended. Reads that went
 * well are as many as there are watchers and say nothing; addresses may hold grants, so the endpoint's name stands for them.
 */
function logRequest(c: Context<App>, ms: number): void {
  const { endpoint, quiet, ...logFields } = c.get("logFields");
  const { status } = c.res;
  if (status < 400 && (quiet || endpoint === undefined || c.req.method === "GET")) return;
  if (status === 404 && endpoint === undefined) return;
  const line = {
    event: "request",
    endpoint,
    status,
    ms,
    request_id: c.get("requestId"),
    trace_id: traceIdOf(c.get("traceparent")),
    ...logFields,
  };
  console.log(JSON.stringify(line));
}

/** `/dreams/{did}` as Hono writes it. */
const honoPath = (path: string) => path.replace(/\{(\w+)\+\}/, ":$1{.+}").replaceAll(/\{(\w+)\}/g, ":$1");

/** Long enough for a queue of D1's to empty, short enough for a person who waits. */
const overloadedSeconds = 5;

/** What a failure of ours means to the client. */
function explain(error: unknown): ApiError {
  if (isNotMigrated(error)) {
    return new ApiError("setup.incomplete", {
      detail: "D1 lacks its tables. Run `wrangler d1 migrations apply dreamreel` with --local or --remote.",
    });
  }
  if (isTransient(error)) return new ApiError("internal.unavailable", { headers: { "retry-after": "1" } });
  if (isOverloaded(error)) {
    return new ApiError("internal.unavailable", { headers: { "retry-after": String(overloadedSeconds) } });
  }
  return new ApiError("internal.error");
}
