/**
 * Who sells what: every AI capability with its address, model and price, in this one place.
 *
 * Models die every few months, so each is configuration: `TEXT_MODEL`, `PICTURE_BASE_URL`, `VOICE_API_KEY` and so on
 * override the dated defaults below, one capability at a time; prices are in contract/prices.ts. Any server that speaks OpenAI's wire will do.
 *
 * Defaults as of 2026-11-22. OpenAI ends gpt-4o-mini-tts and /v1/audio/speech on 2027-01-06; other vendors keep the
 * same endpoint under their own VOICE_BASE_URL.
 *
 * @source developers.openai.com/api/docs/pricing, /deprecations
 */
import { z } from "zod";
import { type Prices, priceShapes } from "../contract/prices.ts";
import { type Environment, parseSection } from "./environment.ts";

interface Provider {
  baseUrl: string;
  apiKey: string;
  model: string;
  timeoutMs: number;
}

export type TextProvider = Provider & Prices["text"];
export type PictureProvider = Provider & Prices["picture"];
/** US dollars per minute of speech: the speech endpoint answers with sound alone and reports no usage. */
export type VoiceProvider = Provider & Prices["voice"];

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
  const provider = (prefix: string, defaultModel: string, timeoutSeconds: number): Provider => {
    const own = parseSection(env, prefix, {
      BASE_URL: z.url().default(openai.BASE_URL),
      API_KEY: z
        .string()
        .default(openai.API_KEY)
        .refine((key) => key !== "", { error: "set this or OPENAI_API_KEY" }),
      MODEL: z.string().default(defaultModel),
      /** After it nobody knows whether the call was paid, so it is well above what a slow one takes. */
      TIMEOUT_SECONDS: z.coerce.number().min(1).max(600).default(timeoutSeconds),
    });
    return {
      baseUrl: own.BASE_URL,
      apiKey: own.API_KEY,
      model: own.MODEL,
      timeoutMs: own.TIMEOUT_SECONDS * 1000,
    };
  };
  const text = parseSection(env, "TEXT_", priceShapes.TEXT_);
  const picture = parseSection(env, "PICTURE_", priceShapes.PICTURE_);
  const voice = parseSection(env, "VOICE_", priceShapes.VOICE_);
  return {
    text: { ...provider("TEXT_", "gpt-6-luna", 90), priceIn: text.PRICE_IN, priceOut: text.PRICE_OUT },
    picture: {
      ...provider("PICTURE_", "gpt-image-2.6-flare", 180),
      priceIn: picture.PRICE_IN,
      priceOut: picture.PRICE_OUT,
      quality: picture.QUALITY,
    },
    voice: { ...provider("VOICE_", "gpt-4o-mini-tts", 90), pricePerMinute: voice.PRICE_PER_MINUTE },
  };
}
