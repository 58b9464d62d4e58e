/**
 * The page /docs, on which people read and try the API. All its files come from the Worker, so it works
 * offline.
 */
import type { Hono } from "hono";
import style from "swagger-ui-dist/swagger-ui.css";
import script from "swagger-ui-dist/swagger-ui-bundle.js";
import type { App } from "../http/api.ts";
import page from "./docs.html";
import start from "./docs-start.client.js";

/** Adds the page and its files to the app. */
export function addDocs(app: Hono<App>): void {
  app.get("/docs", () => text("text/html", page, { "content-security-policy": policy }));
  app.get("/docs/start.js", () => text("text/javascript", start));
  app.get("/docs/swagger-ui.js", () => text("text/javascript", script, keep));
  app.get("/docs/swagger-ui.css", () => text("text/css", style, keep));
}

/**
 * The page may run our own files and call our own API. Swagger UI sets styles and draws icons from data URLs.
 */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const keep = { "cache-control": "public, max-age=86400" };

const text = (type: string, body: string, headers: Record<string, string> = {}) =>
  new Response(body, {
    headers: { "content-type": `${type}; charset=utf-8`, "x-content-type-options": "nosniff", ...headers },
  });
