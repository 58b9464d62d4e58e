/**
 * Who is calling. An API key is only hashed here: the statement that does the work looks it up by that hash, so that
 * a request needs no round trip of its own for it.
 */
import { type SignatureHeaders, verifyMessage } from "../../contract/signature.ts";
import { ApiError } from "../errors/api-error.ts";
import { invalidKey } from "../errors/invalid-key.ts";
import { digest, hashKey } from "../store/hash-key.ts";

/** SHA-256 in hex of the request's API key. @throws ApiError `auth.missing`, or `auth.invalid` for what is no key of ours */
export async function hashPresentedKey(headers: Headers): Promise<string> {
  const key = bearer(headers);
  if (!keyShape.test(key)) throw invalidKey();
  return hashKey(key);
}

/** As POST /admin/keys makes them. What looks otherwise is not looked up. */
const keyShape = /^dr_[0-9a-f]{64}$/;

/**
 * Takes the same time however wrong the key is.
 *
 * @throws ApiError `auth.missing`, or `auth.invalid` if it is not the admin key
 */
export async function requireAdmin(headers: Headers, adminKey: string): Promise<void> {
  const [presented, expected] = await Promise.all([digest(bearer(headers)), digest(adminKey)]);
  let difference = 0;
  for (let i = 0; i < expected.length; i++) difference |= (presented[i] ?? 0) ^ (expected[i] ?? 0);
  if (difference !== 0) throw invalidKey();
}

/**
 * The id of a genuine, fresh message. Whoever acts on it stores the id in the same batch, so that it acts once.
 * The answer's `date` tells a worker with a wrong clock what time it is here.
 */
export function requireSignature(
  headers: Headers,
  body: string,
  secrets: readonly string[],
  nowMs: number,
): string {
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
