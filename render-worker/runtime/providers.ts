/**
 * The provider of every AI capability: its address, model and price.
 *
 * Models are retired every few months, so each is configuration: `TEXT_MODEL`, `PICTURE_BASE_URL`,
 * `VOICE_API_KEY` and so on override the dated defaults below, one capability at a time. Prices are in
 * contract/prices.ts. Any server that speaks OpenAI's wire format works.
 *
 * Defaults as of 2026-11-22. OpenAI ends gpt-4o-mini-tts and /v1/audio/speech on 2027-01-06; other vendors
 * keep the same endpoint under their own VOICE_BASE_URL.
 *
 * A key is only sent to the address it was given for: a capability with a base URL of its own needs its own
 * key, or sends none.
 *
 * @source developers.openai.com/api/docs/pricing, /deprecations
 */
import { z } from "zod";
import { type Prices, priceShapes } from "../../contract/prices.ts";
import { ConfigError, type Environment, parseSection } from "./environment.ts";

interface Provider {
  baseUrl: string;
  /** Null if the server needs no key. */
  apiKey: string | null;
  model: string;
  timeoutMs: number;
}

/**
 * `tokenLimit` names the field that limits the answer's length. OpenAI's newer models refuse `max_tokens`;
 * some other servers know only that field.
 *
 * @source developers.openai.com/api/reference, "Create chat completion": `max_tokens` is deprecated
 */
export type TextProvider = Provider & Prices["text"] & { tokenLimit: "max_completion_tokens" | "max_tokens" };
export type PictureProvider = Provider & Prices["picture"];
/**
 * Priced in US dollars per minute of speech, because the endpoint answers with sound alone and reports no
 * usage.
 */
export type VoiceProvider = Provider & Prices["voice"];

export interface Providers {
  text: TextProvider;
  picture: PictureProvider;
  voice: VoiceProvider;
}

/** This server answers no request without a key. */
const openaiHost = "api.openai.com";

/**
 * The providers as configured.
 *
 * @throws ConfigError naming the variable
 */
export function parseProviders(env: Environment): Providers {
  const openai = parseSection(env, "OPENAI_", {
    BASE_URL: z.url().default(`https://${openaiHost}/v1`),
    API_KEY: z.string().optional(),
  });
  const provider = (prefix: string, defaultModel: string, timeoutSeconds: number): Provider => {
    const own = parseSection(env, prefix, {
      BASE_URL: z.url().optional(),
      API_KEY: z.string().optional(),
      MODEL: z.string().default(defaultModel),
      /** A call that is cut off may have been charged, so this is well above what a slow call takes. */
      TIMEOUT_SECONDS: z.coerce.number().min(1).max(600).default(timeoutSeconds),
    });
    const baseUrl = own.BASE_URL ?? openai.BASE_URL;
    const isSameServer = new URL(baseUrl).origin === new URL(openai.BASE_URL).origin;
    const apiKey = own.API_KEY ?? (isSameServer ? (openai.API_KEY ?? null) : null);
    if (apiKey === null && new URL(baseUrl).hostname === openaiHost)
      throw new ConfigError(`${prefix}API_KEY: set this variable or OPENAI_API_KEY`);
    return {
      baseUrl,
      apiKey,
      model: own.MODEL,
      timeoutMs: own.TIMEOUT_SECONDS * 1000,
    };
  };
  const text = parseSection(env, "TEXT_", {
    ...priceShapes.TEXT_,
    TOKEN_LIMIT: z.enum(["max_completion_tokens", "max_tokens"]).default("max_completion_tokens"),
  });
  const picture = parseSection(env, "PICTURE_", priceShapes.PICTURE_);
  const voice = parseSection(env, "VOICE_", priceShapes.VOICE_);
  return {
    text: {
      ...provider("TEXT_", "gpt-6-luna", 90),
      priceIn: text.PRICE_IN,
      priceOut: text.PRICE_OUT,
      tokenLimit: text.TOKEN_LIMIT,
    },
    picture: {
      ...provider("PICTURE_", "gpt-image-2.6-flare", 180),
      priceIn: picture.PRICE_IN,
      priceOut: picture.PRICE_OUT,
      quality: picture.QUALITY,
    },
    voice: { ...provider("VOICE_", "gpt-4o-mini-tts", 90), pricePerMinute: voice.PRICE_PER_MINUTE },
  };
}
