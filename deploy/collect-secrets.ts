import { createHash } from "node:crypto";
import { z } from "zod";
import { type GivenSecret, givenSecrets } from "./secrets.ts";

export interface CollectPorts {
  env: Record<string, string | undefined>;
  /** Asks a person, without showing what is typed. Null where there is nobody to ask. */
  ask: ((question: string) => Promise<string>) | null;
  fetch: typeof fetch;
  /** Cloudflare's API. */
  apiUrl: string;
}

const verifyTimeoutMs = 15_000;

/**
 * The secrets named in `missing`, from the environment or from a person. R2's S3 key is made from the API token where
 * it is not given. @throws Error that names what is missing
 */
export async function collectSecrets(
  missing: readonly GivenSecret[],
  accountId: string,
  ports: CollectPorts,
): Promise<Partial<Record<GivenSecret, string>>> {
  const collected: Partial<Record<GivenSecret, string>> = {};
  for (const name of missing) {
    const value = ports.env[variableOf(name)];
    if (value) collected[name] = value;
  }
  const wants = (name: GivenSecret) => missing.includes(name) && !collected[name];
  if (wants("OPENAI_API_KEY")) collected.OPENAI_API_KEY = await obtain("OPENAI_API_KEY", ports);
  const wantsKey = wants("S3_ACCESS_KEY_ID") || wants("S3_SECRET_ACCESS_KEY");
  if (wants("CLOUDFLARE_API_TOKEN") || wantsKey) {
    const token =
      ports.env[variableOf("CLOUDFLARE_API_TOKEN")] || (await obtain("CLOUDFLARE_API_TOKEN", ports));
    if (missing.includes("CLOUDFLARE_API_TOKEN")) collected.CLOUDFLARE_API_TOKEN = token;
    if (wantsKey) Object.assign(collected, await makeS3Key(token, accountId, ports));
  }
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

const Verified = z.object({ result: z.object({ id: z.string(), status: z.literal("active") }) });

/**
 * An API token that may edit R2 is an S3 key too: its id, and the SHA-256 of its value.
 * @source developers.cloudflare.com/r2/api/tokens, "Create API tokens via API"
 */
async function makeS3Key(token: string, accountId: string, ports: CollectPorts) {
  // A token belongs to a user or to the account; each kind is known at its own address only.
  for (const path of [`/accounts/${accountId}/tokens/verify`, "/user/tokens/verify"]) {
    const response = await ports.fetch(`${ports.apiUrl}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(verifyTimeoutMs),
    });
    const verified = Verified.safeParse(await response.json().catch(() => null)).data;
    if (verified)
      return {
        S3_ACCESS_KEY_ID: verified.result.id,
        S3_SECRET_ACCESS_KEY: createHash("sha256").update(token).digest("hex"),
      };
  }
  throw new Error("Cloudflare does not know RENDER_CLOUDFLARE_API_TOKEN, or it has been switched off.");
}
