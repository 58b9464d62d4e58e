/**
 * The three things we buy, over OpenAI's wire. The SDK never retries by itself: it would repeat a paid POST silently.
 *
 * @source openai-node src/client.ts: maxRetries defaults to 2 and no idempotency header is sent
 */
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { type PictureSize, priceTokens } from "../../contract/prices.ts";
import { Poison, Rejected, Transient, Unsure } from "../errors.ts";
import type { Providers } from "../providers.ts";

export interface Answer<T> {
  value: T;
  /** The provider's own name of the call, for its support and its bill. */
  requestId: string | null;
}

export interface Bought<T> extends Answer<T> {
  costMicroUsd: number;
}

export interface TextRequest {
  system: string;
  user: string;
  schemaName: string;
  schema: Record<string, unknown>;
}

export interface PictureRequest {
  prompt: string;
  size: PictureSize;
}

export interface VoiceRequest {
  text: string;
  voice: string;
  instructions: string;
}

export interface Ai {
  /** JSON text that claims to match the schema; the caller checks. */
  write(request: TextRequest, signal: AbortSignal): Promise<Bought<string>>;
  /** PNG bytes, as yet untrusted. */
  paint(request: PictureRequest, signal: AbortSignal): Promise<Bought<Uint8Array>>;
  /** WAV bytes, as yet untrusted. What they cost depends on their length: `priceSpeech`. */
  speak(request: VoiceRequest, signal: AbortSignal): Promise<Answer<Uint8Array>>;
}

export function createAi(providers: Providers): Ai {
  const text = connect(providers.text);
  const picture = connect(providers.picture);
  const voice = connect(providers.voice);
  return {
    write: async ({ system, user, schemaName, schema }, signal) => {
      const completion = await text.chat.completions
        .create(
          {
            model: providers.text.model,
            messages: [
              { role: "system", content: system },
              { role: "user", content: user },
            ],
            response_format: { type: "json_schema", json_schema: { name: schemaName, strict: true, schema } },
          },
          { signal },
        )
        .catch((error) => {
          throw translated(error, signal);
        });
      const choice = completion.choices[0];
      if (choice?.message.refusal || choice?.finish_reason === "content_filter")
        throw new Poison("openai.refused", "The text model refused this dream");
      return {
        value: choice?.message.content ?? "",
        requestId: completion._request_id ?? null,
        costMicroUsd: priceTokens(
          providers.text,
          completion.usage?.prompt_tokens ?? 0,
          completion.usage?.completion_tokens ?? 0,
        ),
      };
    },

    paint: async ({ prompt, size }, signal) => {
      const answer = await picture.images
        .generate(
          {
            model: providers.picture.model,
            prompt,
            size,
            n: 1,
            quality: providers.picture.quality,
            output_format: "png",
          },
          { signal },
        )
        .catch((error) => {
          throw translated(error, signal);
        });
      const encoded = answer.data?.[0]?.b64_json;
      if (!encoded) throw new Unsure("openai.malformed", "The picture model answered without a picture");
      return {
        value: Buffer.from(encoded, "base64"),
        requestId: answer._request_id ?? null,
        costMicroUsd: priceTokens(
          providers.picture,
          answer.usage?.input_tokens ?? 0,
          answer.usage?.output_tokens ?? 0,
        ),
      };
    },

    speak: async ({ text: input, voice: name, instructions }, signal) => {
      try {
        const answer = await voice.audio.speech.create(
          { model: providers.voice.model, input, voice: name, instructions, response_format: "wav" },
          { signal },
        );
        return {
          value: new Uint8Array(await answer.arrayBuffer()),
          requestId: answer.headers.get("x-request-id"),
        };
      } catch (error) {
        throw translated(error, signal);
      }
    },
  };
}

function connect(provider: { baseUrl: string; apiKey: string; timeoutMs: number }): OpenAI {
  return new OpenAI({
    baseURL: provider.baseUrl,
    apiKey: provider.apiKey,
    timeout: provider.timeoutMs,
    maxRetries: 0,
    logLevel: "off",
  });
}

function translated(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted || error instanceof APIUserAbortError) return signal.reason ?? error;
  if (error instanceof APIConnectionTimeoutError)
    return new Unsure("openai.timeout", "The AI provider did not answer in time", { cause: error });
  if (error instanceof APIConnectionError)
    return new (neverArrived(error) ? Transient : Unsure)(
      "openai.unreachable",
      "The AI provider is not reachable",
      { cause: error },
    );
  if (!(error instanceof APIError))
    return new Unsure("openai.malformed", "The AI provider's answer could not be read", { cause: error });
  const { status, code } = error;
  if (code === "insufficient_quota")
    return new Rejected("openai.insufficient_quota", "The AI account has no credit left", { cause: error });
  if (status === 401 || status === 403)
    return new Rejected("openai.unauthorized", "The AI provider refused our key", { cause: error });
  if (code === "content_policy_violation" || code === "moderation_blocked")
    return new Poison("openai.refused", "The AI provider refused the content", { cause: error });
  if (status === 429)
    return new Transient("openai.rate_limited", "The AI provider is limiting our rate", {
      cause: error,
      retryAfterMs: retryAfterMs(error),
    });
  // A gateway that gave up on what is behind it can not say what became of the call.
  if (status === undefined || status === 502 || status === 504)
    return new Unsure("openai.unavailable", "The AI provider has a fault", { cause: error });
  if (status >= 500 || status === 408 || status === 409)
    return new Transient("openai.unavailable", "The AI provider has a fault", {
      cause: error,
      retryAfterMs: retryAfterMs(error),
    });
  return new Poison("openai.bad_request", "The AI provider could not use the request", { cause: error });
}

/** There was no connection, so there was no call. Any other break may have come after the provider had begun. */
function neverArrived(error: APIConnectionError): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause)
    if (connectFailures.has(String((cause as NodeJS.ErrnoException).code))) return true;
  return false;
}

const connectFailures = new Set([
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"],
  "UND_ERR_CONNECT_TIMEOUT",
]);

function retryAfterMs(error: APIError): number | undefined {
  const ms = Number(error.headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms)) return ms;
  const seconds = Number(error.headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
