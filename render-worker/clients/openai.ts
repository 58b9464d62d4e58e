/**
 * The three things we buy, over OpenAI's wire. The SDK never retries by itself: it would repeat a paid POST silently.
 *
 * @source openai-node src/client.ts: maxRetries defaults to 2 and no idempotency header is sent
 */
import OpenAI, { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { Poison, Rejected, Transient } from "../errors.ts";
import type { PictureProvider, Providers, TextProvider, VoiceProvider } from "../providers.ts";

export interface Bought<T> {
  value: T;
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
  size: "1536x1024" | "1024x1536" | "1024x1024";
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
  speak(request: VoiceRequest, signal: AbortSignal): Promise<Uint8Array>;
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
        costMicroUsd: priceTokens(
          providers.text,
          completion.usage?.prompt_tokens,
          completion.usage?.completion_tokens,
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
      if (!encoded) throw new Transient("openai.malformed", "The picture model answered without a picture");
      return {
        value: Buffer.from(encoded, "base64"),
        costMicroUsd: priceTokens(providers.picture, answer.usage?.input_tokens, answer.usage?.output_tokens),
      };
    },

    speak: async ({ text: input, voice: name, instructions }, signal) => {
      try {
        const answer = await voice.audio.speech.create(
          { model: providers.voice.model, input, voice: name, instructions, response_format: "wav" },
          { signal },
        );
        return new Uint8Array(await answer.arrayBuffer());
      } catch (error) {
        throw translated(error, signal);
      }
    },
  };
}

/** Micro-dollars for `seconds` of speech. */
export function priceSpeech(provider: VoiceProvider, seconds: number): number {
  return Math.ceil((seconds / 60) * provider.pricePerMinute * 1e6);
}

/** A price per million tokens in dollars is a price per token in micro-dollars. */
function priceTokens(provider: TextProvider | PictureProvider, tokensIn = 0, tokensOut = 0): number {
  return Math.ceil(tokensIn * provider.priceIn + tokensOut * provider.priceOut);
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
    return new Transient("openai.timeout", "The AI provider did not answer in time", { cause: error });
  if (error instanceof APIConnectionError)
    return new Transient("openai.unreachable", "The AI provider is not reachable", { cause: error });
  if (!(error instanceof APIError))
    return new Transient("openai.malformed", "The AI provider's answer could not be read", { cause: error });
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
  if (status === undefined || status >= 500 || status === 408 || status === 409)
    return new Transient("openai.unavailable", "The AI provider has a fault", {
      cause: error,
      retryAfterMs: retryAfterMs(error),
    });
  return new Poison("openai.bad_request", "The AI provider could not use the request", { cause: error });
}

function retryAfterMs(error: APIError): number | undefined {
  const ms = Number(error.headers?.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms)) return ms;
  const seconds = Number(error.headers?.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
