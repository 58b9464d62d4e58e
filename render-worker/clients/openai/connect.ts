import OpenAI from "openai";

/**
 * A client of one provider. The SDK never retries by itself: it would repeat a paid POST without a word.
 *
 * @source openai-node src/client.ts: maxRetries defaults to 2 and no idempotency header is sent
 */
export function connect(provider: { baseUrl: string; apiKey: string; timeoutMs: number }): OpenAI {
  return new OpenAI({
    baseURL: provider.baseUrl,
    apiKey: provider.apiKey,
    timeout: provider.timeoutMs,
    maxRetries: 0,
    logLevel: "off",
  });
}
