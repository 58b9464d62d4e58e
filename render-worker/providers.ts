/**
 * Who sells what: every AI capability with its address, model and price, in this one place.
 *
 * Models die every few months, so each is configuration: `TEXT_MODEL`, `PICTURE_BASE_URL`, `VOICE_API_KEY` and so on
 * override the dated defaults below, one capability at a time. Any server that speaks OpenAI's wire will do.
 *
 * Defaults as of 2026-11-22. OpenAI ends gpt-4o-mini-tts and /v1/audio/speech on 2027-01-06; other vendors keep the
 * same endpoint under their own VOICE_BASE_URL.
 *
 * @source developers.openai.com/api/docs/pricing, /deprecations
 */
import { z } from "zod";
import { type Environment, parseSection } from "./environment.ts";

interface Provider {
  baseUrl: string;
  apiKey: string;
  model: string;
  timeoutMs: number;
}

/** Prices in US dollars per million tokens. */
interface TokenPrices {
  priceIn: number;
  priceOut: number;
}

export type TextProvider = Provider & TokenPrices;
export type PictureProvider = Provider & TokenPrices & { quality: "low" | "medium" | "high" | "auto" };
/** US dollars per minute of speech: the speech endpoint answers with sound alone and reports no usage. */
export type VoiceProvider = Provider & { pricePerMinute: number };

export interface Providers {
  text: TextProvider;
  picture: PictureProvider;
  voice: VoiceProvider;
}

/** @throws ConfigError naming the variable */
export function parseProviders(env: Environment): Providers {
  const openai = parseSection(env, "OPENAI_", {
    BASE_URL: z.url().default("https://api.openai.com/v1"),
    API_KEY: z.string().default(""),
  });
  const provider = (prefix: string, defaultModel: string, timeoutMs: number): Provider => {
    const own = parseSection(env, prefix, {
      BASE_URL: z.url().default(openai.BASE_URL),
      API_KEY: z
        .string()
        .default(openai.API_KEY)
        .refine((key) => key !== "", { error: "set this or OPENAI_API_KEY" }),
      MODEL: z.string().default(defaultModel),
    });
    return { baseUrl: own.BASE_URL, apiKey: own.API_KEY, model: own.MODEL, timeoutMs };
  };
  const price = z.coerce.number().min(0);
  const text = parseSection(env, "TEXT_", { PRICE_IN: price.default(0.1), PRICE_OUT: price.default(0.5) });
  const picture = parseSection(env, "PICTURE_", {
    PRICE_IN: price.default(5),
    PRICE_OUT: price.default(30),
    QUALITY: z.enum(["low", "medium", "high", "auto"]).default("medium"),
  });
  const voice = parseSection(env, "VOICE_", { PRICE_PER_MINUTE: price.default(0.015) });
  return {
    text: { ...provider("TEXT_", "gpt-6-luna", 90_000), priceIn: text.PRICE_IN, priceOut: text.PRICE_OUT },
    picture: {
      ...provider("PICTURE_", "gpt-image-2.6-flare", 180_000),
      priceIn: picture.PRICE_IN,
      priceOut: picture.PRICE_OUT,
      quality: picture.QUALITY,
    },
    voice: { ...provider("VOICE_", "gpt-4o-mini-tts", 90_000), pricePerMinute: voice.PRICE_PER_MINUTE },
  };
}
