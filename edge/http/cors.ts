/**
 * Pages of other sites may call the API, watch streams and play films. No cookie opens anything here, so `*` gives
 * nothing away: a page must bring a key or a signed address of its own. `CORS_ORIGINS` narrows it.
 */
import type { MiddlewareHandler } from "hono";
import type { App } from "./endpoint.ts";

const exposed = [
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
].join(", ");

export const cors: MiddlewareHandler<App> = async (c, next) => {
  const allowed = allowedOrigin(c.env.CORS_ORIGINS ?? "*", c.req.header("origin"));
  const isPreflight =
    c.req.method === "OPTIONS" && c.req.header("access-control-request-method") !== undefined;
  if (isPreflight) {
    const headers = new Headers({ "access-control-max-age": "86400" });
    if (allowed !== null) {
      headers.set("access-control-allow-methods", "GET, HEAD, POST, PATCH, DELETE");
      headers.set("access-control-allow-headers", c.req.header("access-control-request-headers") ?? "");
    }
    c.res = new Response(null, { status: 204, headers });
  } else {
    await next();
  }
  if (allowed === null) return;
  c.res.headers.set("access-control-allow-origin", allowed);
  c.res.headers.set("access-control-expose-headers", exposed);
  if (allowed !== "*") c.res.headers.append("vary", "origin");
};

/** What `access-control-allow-origin` shall say; null: nothing. `origins` is `*` or origins parted by spaces. */
export function allowedOrigin(origins: string, origin: string | undefined): string | null {
  if (origins.trim() === "*") return "*";
  return origin !== undefined && origins.split(/\s+/).includes(origin) ? origin : null;
}
