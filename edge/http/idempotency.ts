import { limits } from "../../contract/limits.ts";
import { ApiError } from "../errors/api-error.ts";
import type { IdempotencyClaim } from "../store/idempotency.ts";
import { hashKey } from "../store/keys.ts";

/**
 * The key, endpoint and fingerprint of an idempotent request; null without an Idempotency-Key. The RFC's
 * quoted string and the bare characters that most clients send are the same key.
 *
 * @param content everything that makes two requests equal: the path's parameters and the checked body
 * @throws ApiError `idempotency.key_invalid`
 */
export async function claimIdempotency(
  headers: Headers,
  endpoint: string,
  content: unknown,
): Promise<IdempotencyClaim | null> {
  const header = headers.get("idempotency-key");
  if (header === null) return null;
  const key = /^"([\x21\x23-\x5b\x5d-\x7e]+)"$/.exec(header)?.[1] ?? header;
  if (!/^[\x21\x23-\x5b\x5d-\x7e]+$/.test(key) || key.length > limits.idempotencyKeyChars) {
    throw new ApiError("idempotency.key_invalid", {
      detail: `1 to ${limits.idempotencyKeyChars} visible ASCII characters without quote and backslash.`,
    });
  }
  return { endpoint, key, fingerprint: await hashKey(JSON.stringify(content)) };
}
