import { createHash } from "node:crypto";
import { z } from "zod";
import { parseSigningIdentity } from "../render-worker/runtime/signing-identity.ts";
import { type GivenSecret, givenSecrets, type SigningSecrets, s3Key } from "./secrets.ts";

export interface CollectPorts {
  env: Record<string, string | undefined>;
  /** Asks the operator without echo. Null without a terminal. */
  ask: ((question: string) => Promise<string>) | null;
  fetch: typeof fetch;
  /** The base URL of Cloudflare's API. */
  apiUrl: string;
}

const apiTimeoutMs = 15_000;

/**
 * The secrets named in `missing`, from the environment or from the operator. An S3 key that is not given is
 * created at R2 for this bucket only.
 * @throws Error that names a secret which is missing or which Cloudflare refuses
 */
export async function collectSecrets(
  missing: readonly GivenSecret[],
  where: {
    accountId: string;
    bucket: string;
    kept: Readonly<Record<string, string>>;
    renew: readonly string[];
  },
  ports: CollectPorts,
): Promise<Partial<Record<GivenSecret, string>>> {
  const collected: Partial<Record<GivenSecret, string>> = {};
  for (const name of missing) {
    const isHalf = s3Key.some((half) => half === name);
    const before = isHalf && !s3Key.some((half) => where.renew.includes(half)) ? where.kept[name] : undefined;
    const value = ports.env[variableOf(name)] || before;
    if (value) collected[name] = value;
  }
  const wants = (name: GivenSecret) => missing.includes(name) && !collected[name];
  if (wants("OPENAI_API_KEY")) collected.OPENAI_API_KEY = await obtain("OPENAI_API_KEY", ports);
  if (missing.includes("CLOUDFLARE_API_TOKEN")) {
    collected.CLOUDFLARE_API_TOKEN ||= await obtain("CLOUDFLARE_API_TOKEN", ports);
    await verifyToken(collected.CLOUDFLARE_API_TOKEN, where.accountId, ports);
  }
  // Last, because a key that is created here stays even when another secret is missing.
  if (s3Key.some(wants)) Object.assign(collected, await makeS3Key(where, ports));
  return collected;
}

/**
 * C2PA_CERT and C2PA_KEY of the environment, each in one line, or null if it has neither.
 * @throws ConfigError that names the variable which a worker would refuse, never with a value
 */
export function readSigningSecrets(
  env: Readonly<Record<string, string | undefined>>,
  nowMs: number,
): SigningSecrets | null {
  if (parseSigningIdentity({ C2PA_CERT: env.C2PA_CERT, C2PA_KEY: env.C2PA_KEY }, nowMs) === null) return null;
  const fold = (pem = "") => pem.trim().replaceAll(/\r?\n/g, "\\n");
  return { C2PA_CERT: fold(env.C2PA_CERT), C2PA_KEY: fold(env.C2PA_KEY) };
}

/**
 * The secret's name in the operator's environment. There CLOUDFLARE_API_TOKEN is wrangler's own token, which
 * has more permissions than the worker's.
 */
export const variableOf = (name: GivenSecret) =>
  name === "CLOUDFLARE_API_TOKEN" ? "RENDER_CLOUDFLARE_API_TOKEN" : name;

async function obtain(name: GivenSecret, { ask }: CollectPorts): Promise<string> {
  const answer = (await ask?.(`${variableOf(name)}, ${givenSecrets[name]}: `))?.trim();
  if (answer) return answer;
  throw new Error(`${variableOf(name)} is missing: ${givenSecrets[name]}. Set it in the environment.`);
}

const Verified = z.object({ result: z.object({ status: z.literal("active") }) });

/**
 * @throws Error when Cloudflare does not accept the token
 */
async function verifyToken(token: string, accountId: string, ports: CollectPorts): Promise<void> {
  // A token belongs to a user or to an account; each kind has its own address.
  for (const path of [`/accounts/${accountId}/tokens/verify`, "/user/tokens/verify"])
    if (Verified.safeParse(await callApi(ports, token, "GET", path)).success) return;
  throw new Error("Cloudflare does not know RENDER_CLOUDFLARE_API_TOKEN, or the token is disabled.");
}

/** The permission to read, write and list the objects of the given buckets. */
const objectsOnly = "Workers R2 Storage Bucket Item Write";
const Groups = z.object({ result: z.array(z.object({ id: z.string(), name: z.string() })) });
const Made = z.object({ result: z.object({ id: z.string(), value: z.string() }) });

/**
 * Creates an API token for this bucket's objects. Its S3 key is the token's id and the SHA-256 of its value.
 * When the deploy's own token has no permission to create one, asks the operator for a key from the
 * dashboard.
 * @source developers.cloudflare.com/r2/api/tokens, "Create API tokens via API"
 */
async function makeS3Key(
  { accountId, bucket }: { accountId: string; bucket: string },
  ports: CollectPorts,
): Promise<Record<(typeof s3Key)[number], string>> {
  const own = ports.env.CLOUDFLARE_API_TOKEN;
  const tokens = `/accounts/${accountId}/tokens`;
  const asked = `${tokens}/permission_groups?name=${encodeURIComponent(objectsOnly)}`;
  const groups = own ? Groups.safeParse(await callApi(ports, own, "GET", asked)).data?.result : undefined;
  const group = groups?.find(({ name }) => name === objectsOnly);
  if (own && group) {
    const resources = { [`com.cloudflare.edge.r2.bucket.${accountId}_default_${bucket}`]: "*" };
    const policies = [{ effect: "allow", resources, permission_groups: [{ id: group.id }] }];
    const wanted = { name: `${bucket} render workers`, policies };
    const made = Made.safeParse(await callApi(ports, own, "POST", tokens, wanted)).data?.result;
    if (made)
      return {
        S3_ACCESS_KEY_ID: made.id,
        S3_SECRET_ACCESS_KEY: createHash("sha256").update(made.value).digest("hex"),
      };
  }
  return {
    S3_ACCESS_KEY_ID: ports.env.S3_ACCESS_KEY_ID || (await obtain("S3_ACCESS_KEY_ID", ports)),
    S3_SECRET_ACCESS_KEY: ports.env.S3_SECRET_ACCESS_KEY || (await obtain("S3_SECRET_ACCESS_KEY", ports)),
  };
}

/** The JSON body of an API answer of any status; null when it has none. */
async function callApi(
  { fetch, apiUrl }: CollectPorts,
  token: string,
  method: "GET" | "POST",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`${apiUrl}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(apiTimeoutMs),
  });
  return response.json().catch(() => null);
}
