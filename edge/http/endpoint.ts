/**
 * An address of the API: what it says of itself in OpenAPI and what it checks before its handler runs are one object,
 * so they can not disagree. Order: caller, parameters, body. Handlers see checked values only.
 */
import type { Context } from "hono";
import type { ZodObject, ZodType, z } from "zod";
import { limits } from "../../contract/limits.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { type Env, readSecrets, type Secrets } from "../env.ts";
import { ApiError } from "../errors/api-error.ts";
import { invalidKey } from "../errors/invalid-key.ts";
import type { Ports } from "../ports.ts";
import { isKnown } from "../store/keys.ts";
import type { Nonce } from "../store/nonces.ts";
import { openPrimary, openReplica, type Session } from "../store/open.ts";
import { hashPresentedKey, requireAdmin, requireSignature } from "./access.ts";
import { addressOf } from "./address.ts";
import { type Attempt, beginAttempt } from "./attempts/guard-attempt.ts";
import { check, parseJson, readText, requireJson } from "./body.ts";
import { countRequest } from "./rate-limit.ts";
import { describePolicies, type Policy } from "./rate-policies.ts";

/**
 * Who may call: anybody; a client with its API key; a listener with a key or a stream's own token; who holds the admin
 * key; a worker, by its signature.
 */
export type Access = "public" | "key" | "listener" | "admin" | "worker";

interface Caller {
  public: object;
  key: { keyHash: string };
  /** Null: the request brings a token, which its handler opens. */
  listener: { keyHash: string | null };
  admin: object;
  worker: { nonce: Nonce };
}

export interface Answer {
  description: string;
  schema?: ZodType;
  contentType?: string;
  headers?: Record<string, string>;
}

export interface Endpoint<
  A extends Access = Access,
  P extends ZodObject = ZodObject,
  Q extends ZodObject = ZodObject,
  B extends ZodType = ZodType,
> {
  method: "get" | "post" | "patch" | "delete";
  /** As OpenAPI writes it: `/dreams/{did}`. A last `{file+}` takes the rest of the path. */
  path: string;
  name: string;
  summary: string;
  description?: string;
  tag: "Dreams" | "Videos" | "Webhooks" | "Worker" | "Keys" | "Operations" | "Service";
  access: A;
  params?: P;
  query?: Q;
  body?: B;
  /** There need be no body: then it is taken for `{}`. */
  bodyOptional?: boolean;
  /** Called so often that only its refusals are logged. */
  quiet?: boolean;
  /** A body that somebody who tries the API may start from. */
  example?: z.input<B>;
  /** Takes an Idempotency-Key. */
  idempotent?: boolean;
  /** Costs money or much work: may be asked less often. */
  expensive?: boolean;
  answers: Record<number, Answer>;
  /** Beyond those that every endpoint of its kind may answer. */
  problems: readonly ProblemCode[];
  handle(call: Call<A, P, Q, B>): Promise<Response>;
}

export interface Call<
  A extends Access = Access,
  P extends ZodObject = ZodObject,
  Q extends ZodObject = ZodObject,
  B extends ZodType = ZodType,
> {
  env: Env;
  secrets: Secrets;
  ports: Ports;
  request: Request;
  requestId: string;
  /** W3C: this request's step in the caller's trace, or in a new one. */
  traceparent: string;
  /** Scheme and host as the client sees them. */
  origin: string;
  caller: Caller[A];
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
  /** Where the newest truth is: for writes, and reads that decide. */
  primary(): Session;
  /** Where an answer is near: not older than the bookmark that the client sends. */
  replica(): Session;
  /** Says which job the request's log line is about. */
  note(logFields: Pick<LogFields, "job_id" | "attempt">): void;
  /** Work that goes on after the answer. */
  defer(work: Promise<unknown>): void;
}

/** Lets the compiler infer what a handler sees from what the endpoint declares. */
export const endpoint = <A extends Access, P extends ZodObject, Q extends ZodObject, B extends ZodType>(
  declared: Endpoint<A, P, Q, B>,
): Endpoint => declared as unknown as Endpoint;

/** What a request's log line says beside what all say. */
interface LogFields {
  endpoint?: string;
  /** Called so often that only its refusals are logged. */
  quiet?: boolean;
  job_id?: string;
  attempt?: number;
}

export type App = {
  Bindings: Env;
  Variables: { requestId: string; traceparent: string; logFields: LogFields };
};

/** Runs the endpoint for one request. An address with too many wrong keys is refused before anything is done for it. */
export async function serve(declared: Endpoint, c: Context<App>, ports: Ports): Promise<Response> {
  if (declared.access === "public" || declared.access === "worker") return act(declared, c, ports, null);
  const attempt = await beginAttempt(c.env, c.req.raw, ports.now, (work) => c.executionCtx.waitUntil(work));
  try {
    const response = await act(declared, c, ports, attempt);
    attempt.end(attempt.isProven || response.status < 400 ? "opened" : "unknown");
    return response;
  } catch (error) {
    const isFailure = error instanceof ApiError && failures.has(error.code);
    attempt.end(isFailure ? "refused" : attempt.isProven ? "opened" : "unknown");
    throw error;
  }
}

const failures = new Set<ProblemCode>(["auth.missing", "auth.invalid", "token.invalid"]);

/** The policies under which an endpoint's callers are counted, by their key or else their address. */
const policiesOf = ({ access, expensive }: Endpoint): Policy[] => {
  if (access !== "key" && access !== "listener") return [];
  return expensive ? ["requests", "films"] : ["requests"];
};

/** Its checks, its handler, and the bookmark of what it has seen. */
async function act(
  declared: Endpoint,
  c: Context<App>,
  ports: Ports,
  attempt: Attempt | null,
): Promise<Response> {
  const note = (logFields: LogFields) => c.set("logFields", { ...c.get("logFields"), ...logFields });
  note({ endpoint: declared.name, quiet: declared.quiet ?? false });
  const request = c.req.raw;
  const secrets = readSecrets(c.env);
  const requestId = c.get("requestId");
  const limitBytes = declared.access === "worker" ? limits.internalBodyBytes : limits.bodyBytes;
  let text = "";
  let caller: Caller[Access] = {};
  if (declared.access === "listener") {
    const hasToken = c.req.query("token") !== undefined;
    caller = { keyHash: hasToken ? null : await hashPresentedKey(request.headers) };
  }
  if (declared.access === "key") caller = { keyHash: await hashPresentedKey(request.headers) };
  const counted = policiesOf(declared);
  if (counted.length > 0) {
    const { keyHash } = caller as Caller["listener"];
    await countRequest(c.env, counted, keyHash ?? addressOf(request.headers));
  }
  if (declared.access === "admin") await requireAdmin(request.headers, secrets.admin);
  else if (attempt !== null && !attempt.isProven) await proveKey(c.env, caller as Caller["listener"]);
  if (attempt !== null) attempt.isProven = true;
  if (declared.body) {
    requireJson(request);
    text = await readText(request, limitBytes);
  }
  if (declared.access === "worker") {
    const id = requireSignature(request.headers, text, secrets.callback, ports.now());
    caller = { nonce: { id, takenBy: requestId } };
  }
  let session: Session | null = null;
  const params = declared.params ? check(declared.params, c.req.param(), "/path") : {};
  const query = declared.query ? check(declared.query, c.req.query(), "/query") : {};
  const body = declared.body ? parseJson(declared.body, text, declared.bodyOptional === true) : undefined;
  if (declared.access === "worker") note(factsOf(body));
  const response = await declared.handle({
    env: c.env,
    secrets,
    ports,
    request,
    requestId,
    traceparent: c.get("traceparent"),
    origin: new URL(request.url).origin,
    caller,
    params,
    query,
    body,
    primary: () => {
      session = openPrimary(c.env.DB);
      return session;
    },
    replica: () => {
      session = openReplica(c.env.DB, presentedBookmark(request.headers));
      return session;
    },
    note,
    defer: (work) => c.executionCtx.waitUntil(work),
  });
  const bookmark = (session as Session | null)?.bookmark();
  if (bookmark) response.headers.set("x-d1-bookmark", bookmark);
  if (counted.length > 0) response.headers.set("ratelimit-policy", describePolicies(counted));
  return response;
}

/**
 * Looks up, by itself and at the primary, a key that has not opened anything from here lately: so a wrong one costs D1
 * one trip, whatever it is tried on. Tokens are proven without D1.
 */
async function proveKey(env: Env, { keyHash }: Caller["listener"]): Promise<void> {
  if (keyHash !== null && !(await isKnown(openPrimary(env.DB), keyHash))) throw invalidKey();
}

/** Which job and attempt a worker speaks of. */
function factsOf(body: unknown): LogFields {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  return {
    ...(typeof said.job_id === "string" ? { job_id: said.job_id } : {}),
    ...(typeof said.attempt === "number" ? { attempt: said.attempt } : {}),
  };
}

/** A bookmark that is none of D1's is left aside: the client then reads what a stranger would. */
function presentedBookmark(headers: Headers): string | null {
  const bookmark = headers.get("x-d1-bookmark");
  return bookmark !== null && /^[0-9a-f]{8}(-[0-9a-f]{8}){2}-[0-9a-f]{32}$/.test(bookmark) ? bookmark : null;
}
