import { createHash } from "node:crypto";
import { z } from "zod";
import { type GivenSecret, givenSecrets, s3Key } from "./secrets.ts";

export interface CollectPorts {
  env: Record<string, string | undefined>;
  /** Asks a person, without showing what is typed. Null where there is nobody to ask. */
  ask: ((question: string) => Promise<string>) | null;
  fetch: typeof fetch;
  /** Cloudflare's API. */
  apiUrl: string;
}

const apiTimeoutMs = 15_000;

/**
 * The secrets named in `missing`, from the environment or from a person. R2's S3 key is made, for the one bucket, where
 * it is not given. @throws Error that names what is missing
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
  // Last: what is made here stays, also where something else is missing.
  if (s3Key.some(wants)) Object.assign(collected, await makeS3Key(where, ports));
  return collected;
}

/** The worker calls it CLOUDFLARE_API_TOKEN, and so does wrangler its own, which may do far more. */
export const variableOf = (name: GivenSecret) =>
  name === "CLOUDFLARE_API_TOKEN" ? "RENDER_CLOUDFLARE_API_TOKEN" : name;

async function obtain(name: GivenSecret, { ask }: CollectPorts): Promise<string> {
  const answer = (await ask?.(`${variableOf(name)}, ${givenSecrets[name]}: `))?.trim();
  if (answer) return answer;
  throw new Error(`${variableOf(name)} is missing: ${givenSecrets[name]}. Set it in the environment.`);
}

const Verified = z.object({ result: z.object({ status: z.literal("active") }) });

/** @throws Error where Cloudflare does not know the token */
async function verifyToken(token: string, accountId: string, ports: CollectPorts): Promise<void> {
  // A token belongs to a user or to the account; each kind is known at its own address only.
  for (const path of [`/accounts/${accountId}/tokens/verify`, "/user/tokens/verify"])
    if (Verified.safeParse(await callApi(ports, token, "GET", path)).success) return;
  throw new Error("Cloudflare does not know RENDER_CLOUDFLARE_API_TOKEN, or it has been switched off.");
}

/** May read, write and list the objects of the buckets that it is given for, and nothing else. */
const objectsOnly = "Workers R2 Storage Bucket Item Write";
const Groups = z.object({ result: z.array(z.object({ id: z.string(), name: z.string() })) });
const Made = z.object({ result: z.object({ id: z.string(), value: z.string() }) });

/**
 * A new API token for the one bucket's objects. As an S3 key it is its id, and the SHA-256 of its value. Where the
 * deploy's own token may not make one, a person is asked for a key that was made in the dashboard.
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

/** What Cloudflare's API answers, whatever its status. */
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
