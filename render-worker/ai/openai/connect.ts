import OpenAI from "openai";
import { boundFetch } from "../../clients/transfer/bounded-fetch.ts";
import { aiLimits } from "../../clients/transfer/limits.ts";

/**
 * A client of one provider. The SDK never retries by itself: it would repeat a paid POST without a word. Nothing of the
 * process's environment goes to the provider: the SDK would read OPENAI_API_KEY, OPENAI_ORG_ID and others by itself.
 *
 * @source openai-node src/client.ts: maxRetries defaults to 2 and no idempotency header is sent
 */
export function connect(provider: { baseUrl: string; apiKey: string | null; timeoutMs: number }): OpenAI {
  return new OpenAI({
    baseURL: provider.baseUrl,
    // The SDK insists on a key; a server that has none gets no Authorization header.
    apiKey: provider.apiKey ?? "none",
    ...(provider.apiKey === null && { defaultHeaders: { authorization: null } }),
    adminAPIKey: null,
    organization: null,
    project: null,
    timeout: provider.timeoutMs,
    maxRetries: 0,
    logLevel: "off",
    fetch: boundFetch(aiLimits(provider.timeoutMs)),
  });
}
