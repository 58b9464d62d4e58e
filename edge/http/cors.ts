/**
 * Pages of other sites may call the API, watch streams and play films. The edge uses no cookies, so `*` is
 * safe: a page needs its own key or a signed address. `CORS_ORIGINS` restricts it: `*`, or origins separated
 * by spaces.
 */
import type { MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import type { App } from "./api.ts";

const exposeHeaders = [
  "accept-ranges",
  "content-length",
  "content-range",
  "etag",
  "idempotency-replayed",
  "location",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "x-d1-bookmark",
  "x-request-id",
];

/** Answers preflights, and adds to every other answer which origins may read it. */
export const allowOrigins: MiddlewareHandler<App> = (c, next) => {
  const origins = (c.env.CORS_ORIGINS ?? "*").trim();
  return cors({
    origin: origins === "*" ? origins : origins.split(/\s+/),
    allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    exposeHeaders,
    maxAge: 86_400,
  })(c, next);
};
