/** The checks that run before an endpoint's parameters and body are validated, as Hono middleware. */
import type { MiddlewareHandler } from "hono";
import { limits } from "../../contract/limits.ts";
import type { ProblemCode } from "../../contract/problem.ts";
import { type SignatureHeaders, verifyMessage } from "../../contract/signature.ts";
import { readSecrets } from "../env.ts";
import { ApiError, invalidKey } from "../errors/api-error.ts";
import { digest, hashKey, isKnown } from "../store/keys.ts";
import type { Nonce } from "../store/nonces.ts";
import { openPrimary } from "../store/open.ts";
import type { Access, App, Variables } from "./api.ts";
import { type Attempt, beginAttempt } from "./attempts/guard-attempt.ts";
import { readText, requireJson } from "./body.ts";
import { countRequest } from "./rate-limit.ts";
import { addressOf, describePolicies, type Policy } from "./rate-policies.ts";

type Check = MiddlewareHandler<{
  Bindings: App["Bindings"];
  Variables: Variables & { attempt: Attempt; keyHash: string | null; bodyText?: string; nonce: Nonce };
}>;

/** The checks of one endpoint in their order. Each throws ApiError if the request must not go on. */
export function guard(endpoint: {
  operationId: string;
  access: Access;
  quiet?: boolean;
  expensive?: boolean;
  request?: { body?: { required?: boolean; content: object } };
}): MiddlewareHandler[] {
  const { operationId, access, quiet = false, expensive = false, request } = endpoint;
  const limitBytes = access === "worker" ? limits.internalBodyBytes : limits.bodyBytes;
  return [
    begin(operationId, quiet),
    ...callerChecks[access](expensive ? ["requests", "films"] : ["requests"]),
    ...(isJson(request?.body) ? [takeBody(limitBytes, request?.body?.required === false)] : []),
    ...(access === "worker" ? [checkSignature] : []),
  ];
}

/** Whether the endpoint takes JSON. The handler of another body reads it by `readBytes`. */
export const isJson = (body: { content: object } | undefined): boolean =>
  body !== undefined && "application/json" in body.content;

const begin =
  (endpoint: string, quiet: boolean): Check =>
  (c, next) => {
    c.var.note({ endpoint, quiet });
    c.set("secrets", readSecrets(c.env));
    return next();
  };

const callerChecks: Record<Access, (policies: Policy[]) => Check[]> = {
  public: () => [],
  key: (policies) => [countFailures, readKey, countCaller(policies), proveKey],
  listener: (policies) => [countFailures, readKeyOrToken, countCaller(policies), proveKey],
  admin: () => [countFailures, checkAdminKey],
  worker: () => [],
};

/** The problems that count as a failed attempt to use a key or token. */
const failures = new Set<ProblemCode>(["auth.missing", "auth.invalid", "token.invalid"]);

/**
 * Refuses an address with too many wrong keys before any other work, and counts the outcome of this request.
 */
const countFailures: Check = async (c, next) => {
  const attempt = await beginAttempt(c.env, c.req.raw, c.var.ports.now, c.var.defer);
  c.set("attempt", attempt);
  await next();
  const isFailure = c.error instanceof ApiError && failures.has(c.error.code);
  attempt.end(isFailure ? "refused" : attempt.isProven || c.res.status < 400 ? "opened" : "unknown");
};

const readKey: Check = async (c, next) => {
  c.set("keyHash", await hashPresentedKey(c.req.raw.headers));
  await next();
};

const readKeyOrToken: Check = async (c, next) => {
  const hasToken = c.req.query("token") !== undefined;
  c.set("keyHash", hasToken ? null : await hashPresentedKey(c.req.raw.headers));
  await next();
};

/** Counts the caller under these policies, by its key or, without a key, by its address. */
const countCaller =
  (policies: Policy[]): Check =>
  async (c, next) => {
    await countRequest(c.env, policies, c.var.keyHash ?? addressOf(c.req.raw.headers));
    await next();
    c.res.headers.set("ratelimit-policy", describePolicies(policies));
  };

/**
 * Looks up, at the primary, a key that has not been used from this address lately: a wrong key costs D1 one
 * query, whatever the endpoint. Tokens are checked without D1.
 */
const proveKey: Check = async (c, next) => {
  const { attempt, keyHash } = c.var;
  if (!attempt.isProven && keyHash !== null && !(await isKnown(openPrimary(c.env.DB), keyHash))) {
    throw invalidKey();
  }
  attempt.isProven = true;
  await next();
};

const checkAdminKey: Check = async (c, next) => {
  await requireAdmin(c.req.raw.headers, c.var.secrets.admin);
  c.var.attempt.isProven = true;
  await next();
};

/** Reads the body within its limit, and gives the validators a request that is declared as JSON. */
const takeBody =
  (limitBytes: number, isOptional: boolean): Check =>
  async (c, next) => {
    requireJson(c.req.raw);
    const text = await readText(c.req.raw, limitBytes);
    c.set("bodyText", text);
    const headers = new Headers(c.req.raw.headers);
    headers.set("content-type", "application/json");
    c.req.raw = new Request(c.req.raw, { headers, body: text === "" && isOptional ? "{}" : text });
    await next();
  };

/** The signature covers the body; of a request without one, the address from its path on. */
const checkSignature: Check = async (c, next) => {
  const { secrets, ports, bodyText, requestId } = c.var;
  const { pathname, search } = new URL(c.req.url);
  const signed = bodyText ?? pathname + search;
  const id = requireSignature(c.req.raw.headers, signed, secrets.callback, ports.now());
  c.set("nonce", { id, takenBy: requestId });
  await next();
};

/**
 * SHA-256 in hex of the request's API key. The statement that does the work looks the key up by this hash.
 *
 * @throws ApiError `auth.missing`, or `auth.invalid` if the key has not the form of our keys
 */
async function hashPresentedKey(headers: Headers): Promise<string> {
  const key = bearer(headers);
  if (!keyShape.test(key)) throw invalidKey();
  return hashKey(key);
}

/** The form of the keys that POST /admin/keys makes. Other texts are not looked up. */
const keyShape = /^dr_[0-9a-f]{64}$/;

/**
 * Compares in constant time.
 *
 * @throws ApiError `auth.missing`, or `auth.invalid` if it is not the admin key
 */
async function requireAdmin(headers: Headers, adminKey: string): Promise<void> {
  const [presented, expected] = await Promise.all([digest(bearer(headers)), digest(adminKey)]);
  let difference = 0;
  for (let i = 0; i < expected.length; i++) difference |= (presented[i] ?? 0) ^ (expected[i] ?? 0);
  if (difference !== 0) throw invalidKey();
}

/**
 * The id of a genuine, fresh message. The statement that acts on it stores the id in the same batch, so it
 * acts once.
 *
 * @throws ApiError `signature.missing`, `signature.invalid` or `signature.stale`; its `date` header tells a
 * worker with a wrong clock the time
 */
function requireSignature(headers: Headers, body: string, secrets: readonly string[], nowMs: number): string {
  const header = (name: keyof SignatureHeaders) => headers.get(name);
  const verdict = verifyMessage(secrets, header, body, Math.floor(nowMs / 1000));
  if ("id" in verdict) return verdict.id;
  throw new ApiError(verdict.fault, { headers: { date: new Date(nowMs).toUTCString() } });
}

function bearer(headers: Headers): string {
  const header = headers.get("authorization");
  if (header === null) throw new ApiError("auth.missing", { headers: { "www-authenticate": "Bearer" } });
  const key = /^Bearer +([\x21-\x7e]{1,512})$/i.exec(header)?.[1];
  if (key === undefined) throw invalidKey();
  return key;
}
