import OpenAI from "openai";
import { keyHeadersOf, type PaidVoiceKind } from "../../../contract/voice-kinds.ts";
import { boundFetch } from "../../clients/transfer/bounded-fetch.ts";
import { aiLimits } from "../../clients/transfer/limits.ts";

/**
 * A client of one provider; `client.post` calls an endpoint that is not OpenAI's. `kind`: of a voice, which
 * may take its key in other headers than a bearer. The SDK must not retry: it would repeat a paid POST. The
 * options set to null keep the SDK from reading OPENAI_API_KEY, OPENAI_ORG_ID and others from the environment
 * and sending them.
 *
 * @source openai-node src/client.ts: maxRetries defaults to 2 and no idempotency header is sent
 */
export function connect(provider: {
  baseUrl: string;
  apiKey: string | null;
  timeoutMs: number;
  kind?: PaidVoiceKind;
}): OpenAI {
  return new OpenAI({
    baseURL: provider.baseUrl,
    // The SDK requires a key, and sends it as a bearer if these headers do not say otherwise.
    apiKey: provider.apiKey ?? "none",
    defaultHeaders: { authorization: null, ...keyHeadersOf(provider.kind ?? "text", provider.apiKey) },
    adminAPIKey: null,
    organization: null,
    project: null,
    timeout: provider.timeoutMs,
    maxRetries: 0,
    logLevel: "off",
    fetch: boundFetch(aiLimits(provider.timeoutMs)),
  });
}

/**
 * The field that tells OpenAI which person a request is for, so that it can refuse that person and not the
 * whole account; nothing for other servers.
 *
 * @source developers.openai.com/api/docs/guides/safety-best-practices, "Implement safety identifiers"
 */
export const namePerson = (
  provider: { takesSafetyIdentifier: boolean },
  safetyIdentifier: string | undefined,
): { safety_identifier?: string } =>
  provider.takesSafetyIdentifier && safetyIdentifier !== undefined
    ? { safety_identifier: safetyIdentifier }
    : {};
