/** The edge's endpoints and what surrounds each request: its id, its problems, its log line. */
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import { traceIdOf } from "../contract/trace.ts";
import { ApiError } from "./errors/api-error.ts";
import { type App, giveVariables, newRouter } from "./http/api.ts";
import { allowOrigins } from "./http/cors.ts";
import { describeApi, registerShared } from "./http/openapi.ts";
import type { Ports } from "./ports.ts";
import { approvalRoutes } from "./routes/approval.ts";
import { budgetRoutes } from "./routes/budgets.ts";
import { castRoutes } from "./routes/cast.ts";
import { costRoutes } from "./routes/costs.ts";
import { deadLetterRoutes } from "./routes/dead-letters.ts";
import { dreamRoutes } from "./routes/dreams.ts";
import { eventRoutes } from "./routes/events.ts";
import { filmRoutes } from "./routes/films.ts";
import { keyRoutes } from "./routes/keys.ts";
import { opsRoutes } from "./routes/ops.ts";
import { sceneRoutes } from "./routes/scenes.ts";
import { segmentRoutes } from "./routes/segments.ts";
import { serviceRoutes } from "./routes/service.ts";
import { settingsRoutes } from "./routes/settings.ts";
import { takeRoutes } from "./routes/takes.ts";
import { videoRoutes } from "./routes/videos.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { workerRoutes } from "./routes/worker.ts";
import { workerHeartbeatRoutes } from "./routes/worker-heartbeat.ts";
import { isNotMigrated, isOverloaded, isTransient, reasonOf } from "./store/open.ts";

const routers = [
  dreamRoutes,
  segmentRoutes,
  videoRoutes,
  approvalRoutes,
  costRoutes,
  eventRoutes,
  sceneRoutes,
  takeRoutes,
  settingsRoutes,
  castRoutes,
  filmRoutes,
  webhookRoutes,
  workerRoutes,
  workerHeartbeatRoutes,
  keyRoutes,
  budgetRoutes,
  deadLetterRoutes,
  opsRoutes,
  serviceRoutes,
];

/** The API without its pages. `ports` are its clock and its ids. */
export function buildApp(ports: Ports): OpenAPIHono<App> {
  const app = newRouter();

  app.use(async (c, next) => {
    const startedAt = ports.now();
    await next();
    logRequest(c, ports.now() - startedAt);
  });
  app.use(giveVariables(ports));
  app.use(allowOrigins);

  registerShared(app);
  for (const router of routers) app.route("/", router);
  refuseOtherMethods(app);

  let document: string | undefined;
  app.get("/openapi.json", () => {
    document ??= JSON.stringify(describeApi(app));
    return new Response(document, { headers: { "content-type": "application/json" } });
  });

  app.notFound((c) => new ApiError("request.not_found").toResponse(c.req.url, c.var.requestId));

  app.onError((error, c) => {
    const requestId = c.get("requestId");
    const problem = error instanceof ApiError ? error : explain(error);
    if (!(error instanceof ApiError || error instanceof HTTPException)) {
      console.error(
        JSON.stringify({
          event: problem.code,
          request_id: requestId,
          trace_id: traceIdOf(c.get("traceparent")),
          reason: reasonOf(error),
        }),
      );
    }
    return problem.toResponse(c.req.url, requestId);
  });

  return app;
}

/** Answers 405 to methods that an address does not take. */
function refuseOtherMethods(app: OpenAPIHono<App>): void {
  const routes = app.openAPIRegistry.definitions.flatMap((one) => (one.type === "route" ? one.route : []));
  for (const [path, same] of Map.groupBy(routes, (one) => one.path)) {
    const allow = same.map((one) => one.method.toUpperCase()).join(", ");
    app.all(path.replaceAll(/\/\{(.+?)\}/g, "/:$1"), () => {
      throw new ApiError("request.method_not_allowed", { headers: { allow } });
    });
  }
}

/**
 * Logs one line for each request that changed something or was refused: endpoint, trace, status. Successful
 * reads are not logged, because every watcher makes many. An address may contain a grant, so the line names
 * the endpoint instead.
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

/** Long enough for D1's queue to empty, short enough for a waiting person. */
const overloadedSeconds = 5;

/** The problem that the client gets for an unexpected error. */
function explain(error: unknown): ApiError {
  if (error instanceof HTTPException) return new ApiError("request.not_json");
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
