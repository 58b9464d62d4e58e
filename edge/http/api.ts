/** What every route file starts from: an empty router, and the variables that a handler finds in `c.var`. */
import { type Hook, OpenAPIHono } from "@hono/zod-openapi";
import type { MiddlewareHandler } from "hono";
import { continueTrace } from "../../contract/trace.ts";
import type { Env, Secrets } from "../env.ts";
import type { JobContext } from "../jobs/after-transition.ts";
import type { Ports } from "../ports.ts";
import type { Nonce } from "../store/nonces.ts";
import { openPrimary, openReplica, type Session } from "../store/open.ts";
import { invalidRequest } from "./body.ts";

/** What a request's log line says besides what every line says. */
export interface LogFields {
  endpoint?: string;
  /** The endpoint is called so often that only its problems are logged. */
  quiet?: boolean;
  job_id?: string;
  attempt?: number;
}

export interface Variables {
  ports: Ports;
  secrets: Secrets;
  requestId: string;
  /** W3C trace context: this request's step in the caller's trace, or in a new trace. */
  traceparent: string;
  /** Scheme and host as the client sees them. */
  origin: string;
  logFields: LogFields;
  /** Opens D1 at the primary: for writes, and for reads that decide. */
  primary(): Session;
  /** Opens D1 at a replica that is not older than the bookmark which the client sends. */
  replica(): Session;
  /** What a use-case of `jobs/` needs of this request. */
  jobContext(): JobContext;
  /** Adds to the request's log line. */
  note(logFields: LogFields): void;
  /** Lets work go on after the answer. */
  defer(work: Promise<unknown>): void;
}

export interface App {
  Bindings: Env;
  Variables: Variables;
}

/** Who may call, and what the handler then knows of the caller. */
export interface Callers {
  public: object;
  /** A client with its API key. */
  key: { keyHash: string };
  /**
   * A client with its API key, or with a stream's token: then `keyHash` is null, and the handler checks the
   * token.
   */
  listener: { keyHash: string | null };
  /** An operator with the admin key. */
  admin: object;
  /** A render worker, by its signature. */
  worker: { nonce: Nonce };
}

export type Access = keyof Callers;

const roots: Record<string, string> = { param: "/path", query: "/query", json: "" };

const refuseInvalid: Hook<unknown, App, string, void> = (result) => {
  if (!result.success) throw invalidRequest(result.error.issues, roots[result.target] ?? "");
};

/** A router whose validators answer an invalid request with the problem `request.invalid`. */
export const newRouter = () => new OpenAPIHono<App>({ defaultHook: refuseInvalid });

/**
 * The middleware that sets `c.var` for every handler, apart from what the endpoint's own checks add. It also
 * gives each answer the request's id and D1's bookmark.
 */
export const giveVariables =
  (ports: Ports): MiddlewareHandler<App> =>
  async (c, next) => {
    let opened: Session | null = null;
    const open = (session: Session) => {
      opened = session;
      return session;
    };
    const primary = () => open(openPrimary(c.env.DB));
    const defer = (work: Promise<unknown>) => c.executionCtx.waitUntil(work);
    const requestId = ports.newId("req");
    c.set("ports", ports);
    c.set("requestId", requestId);
    c.set("traceparent", continueTrace(c.req.header("traceparent")));
    c.set("origin", new URL(c.req.url).origin);
    c.set("logFields", {});
    c.set("note", (logFields) => c.set("logFields", { ...c.var.logFields, ...logFields }));
    c.set("defer", defer);
    c.set("primary", primary);
    c.set("replica", () => open(openReplica(c.env.DB, presentedBookmark(c.req.raw.headers))));
    c.set("jobContext", () => ({ env: c.env, session: primary(), now: ports.now, defer }));
    await next();
    c.res.headers.set("x-request-id", requestId);
    const bookmark = (opened as Session | null)?.bookmark();
    if (bookmark) c.res.headers.set("x-d1-bookmark", bookmark);
  };

/**
 * The client's bookmark, or null for a text that is not D1's: the client then reads what a new client reads.
 */
function presentedBookmark(headers: Headers): string | null {
  const bookmark = headers.get("x-d1-bookmark");
  return bookmark !== null && /^[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}$/.test(bookmark) ? bookmark : null;
}
