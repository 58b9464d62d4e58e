/**
 * The prices of AI providers, and the cost of one purchase computed from them: an estimate for people, and a
 * ceiling for budgets, which no such purchase should exceed. The worker books the usage that the provider
 * reports, and speech by its length; without either it books the ceiling.
 *
 * The defaults are those of models.ts. Worker and edge read the same variables (`PICTURE_PRICE_OUT`,
 * `VOICE_CHAIN` …): set them on both.
 */
import { z } from "zod";
import {
  defaultModels,
  findPrices,
  type MinutePrices,
  type ModelUse,
  type PicturePrices,
  type PricesByUse,
  type RealtimePrices,
  type TextPrices,
} from "./models.ts";
import { countPictureTokens, type PictureQuality, type PictureSize } from "./picture-sizes.ts";
import { readVoiceChain, type VoiceLink } from "./voice-chain.ts";

/** The prices of one voice. A voice that is not bought has none. */
export type VoicePrices =
  | ({ kind: "realtime" } & RealtimePrices)
  | ({ kind: "speech" } & MinutePrices)
  | { kind: "own" }
  | { kind: "none" };

export interface Prices {
  text: TextPrices;
  picture: PicturePrices & { model: string; quality: PictureQuality };
  /** In the order in which they are tried. */
  voices: readonly VoicePrices[];
}

const priceVariables: { [U in ModelUse]: Record<keyof PricesByUse[U], string> } = {
  text: { priceIn: "TEXT_PRICE_IN", priceOut: "TEXT_PRICE_OUT" },
  picture: {
    priceIn: "PICTURE_PRICE_IN",
    priceImageIn: "PICTURE_PRICE_IMAGE_IN",
    priceOut: "PICTURE_PRICE_OUT",
  },
  realtime: {
    textIn: "VOICE_PRICE_TEXT_IN",
    textOut: "VOICE_PRICE_TEXT_OUT",
    audioIn: "VOICE_PRICE_AUDIO_IN",
    audioOut: "VOICE_PRICE_AUDIO_OUT",
  },
  speech: { pricePerMinute: "VOICE_PRICE_PER_MINUTE" },
  transcription: { pricePerMinute: "TRANSCRIPTION_PRICE_PER_MINUTE" },
};

/**
 * The prices of a use: the variables', else the model's in the catalogue, else those of the use's default
 * model.
 *
 * @throws Error whose message begins with the name of the variable that is no price
 */
export function readPricesOf<U extends ModelUse>(
  use: U,
  model: string,
  env: Record<string, unknown>,
): PricesByUse[U] {
  const listed = findPrices(use, model) ?? (defaultModels[use].price as PricesByUse[U]);
  const read = ([field, variable]: [string, string]) => {
    const written = env[variable];
    if (written === undefined || written === "") return [field, listed[field as keyof typeof listed]];
    const parsed = z.coerce.number().min(0).safeParse(written);
    if (!parsed.success) throw new Error(`${variable}: must be a number of 0 or more`);
    return [field, parsed.data];
  };
  return Object.fromEntries(Object.entries<string>(priceVariables[use]).map(read)) as PricesByUse[U];
}

/** The quality as configured. @throws Error whose message begins with the variable's name */
export function readPictureQuality(env: Record<string, unknown>): PictureQuality {
  const quality = z.enum(["low", "medium", "high", "auto"]).default("medium");
  const parsed = quality.safeParse(env.PICTURE_QUALITY || undefined);
  if (!parsed.success) throw new Error("PICTURE_QUALITY: must be low, medium, high or auto");
  return parsed.data;
}

/**
 * The prices as configured, with the defaults. @throws Error whose message begins with the variable's name
 */
export function readPrices(env: Record<string, unknown>): Prices {
  const modelOf = (name: string, use: "text" | "picture") => String(env[name] || defaultModels[use].model);
  const voiceOf = (link: VoiceLink): VoicePrices =>
    "model" in link
      ? ({ kind: link.kind, ...readPricesOf(link.kind, link.model, env) } as VoicePrices)
      : link;
  return {
    text: readPricesOf("text", modelOf("TEXT_MODEL", "text"), env),
    picture: {
      model: modelOf("PICTURE_MODEL", "picture"),
      ...readPricesOf("picture", modelOf("PICTURE_MODEL", "picture"), env),
      quality: readPictureQuality(env),
    },
    voices: readVoiceChain(env).links.map(voiceOf),
  };
}

/** The prices as one line of JSON. Two sides with the same prices write the same line. */
export function writePrices({ text, picture, voices }: Prices): string {
  const pick = (use: ModelUse, prices: object) =>
    Object.keys(priceVariables[use]).map((field) => [field, prices[field as keyof typeof prices]]);
  return JSON.stringify({
    text: Object.fromEntries(pick("text", text)),
    picture: { ...Object.fromEntries(pick("picture", picture)), quality: picture.quality },
    voices: voices.map((voice) => ({
      kind: voice.kind,
      ...Object.fromEntries(
        voice.kind === "realtime" || voice.kind === "speech" ? pick(voice.kind, voice) : [],
      ),
    })),
  });
}

/** A price per million tokens in dollars is a price per token in micro-dollars. */
export const priceTokens = ({ priceIn, priceOut }: TextPrices, tokensIn: number, tokensOut: number) =>
  Math.ceil(tokensIn * priceIn + tokensOut * priceOut);

/** Micro-dollars for the usage that a provider reports. Null if it reports none: every answer has tokens. */
export const priceUsage = (
  prices: TextPrices,
  tokensIn: number | undefined,
  tokensOut: number | undefined,
): number | null =>
  tokensIn !== undefined && tokensOut !== undefined && tokensIn > 0 && tokensOut > 0
    ? priceTokens(prices, tokensIn, tokensOut)
    : null;

/** What the provider says that a picture used. Pictures in the request cost more than its words. */
export interface PictureUsage {
  input_tokens?: number | undefined;
  input_tokens_details?: { text_tokens?: number | undefined; image_tokens?: number | undefined } | undefined;
  output_tokens?: number | undefined;
}

/** The price of a picture by its usage; null where the provider does not report it. */
export function pricePictureUsage(prices: PicturePrices, usage: PictureUsage | undefined): number | null {
  const { input_tokens, input_tokens_details, output_tokens } = usage ?? {};
  const price = priceUsage(prices, input_tokens, output_tokens);
  const imageTokens = input_tokens_details?.image_tokens ?? 0;
  return price === null ? null : price + Math.ceil(imageTokens * (prices.priceImageIn - prices.priceIn));
}

/** Micro-dollars for so many seconds of speech, rounded up. */
export const priceSpeech = ({ pricePerMinute }: MinutePrices, seconds: number) =>
  Math.ceil((seconds / 60) * pricePerMinute * 1e6);

/** Tokens by direction and by what they carry. */
export interface RealtimeTokens {
  textIn: number;
  audioIn: number;
  textOut: number;
  audioOut: number;
}

/** Micro-dollars for these tokens, rounded up. */
export const priceRealtime = (prices: RealtimePrices, tokens: RealtimeTokens) =>
  Math.ceil(
    tokens.textIn * prices.textIn +
      tokens.audioIn * prices.audioIn +
      tokens.textOut * prices.textOut +
      tokens.audioOut * prices.audioOut,
  );

/**
 * A token for each 50 ms of sound. Not confirmed by a bill: what is booked comes from the provider's usage.
 */
const audioTokensPerSecond = 20;
/** Instructions of one narration, and what wraps the script. */
const realtimeInstructionTokens = 120;
/** Tokens of text a second of speech: 2.4 words. */
const textTokensPerSecond = 3.2;

/** Micro-dollars that this many seconds of narration in so many scenes usually cost. */
export function priceVoice(voice: VoicePrices, seconds: number, scenes: number): number {
  if (voice.kind === "speech") return priceSpeech(voice, seconds);
  if (voice.kind !== "realtime") return 0;
  const words = seconds * textTokensPerSecond;
  return priceRealtime(voice, {
    textIn: scenes * realtimeInstructionTokens + words,
    audioIn: 0,
    textOut: words,
    audioOut: seconds * audioTokensPerSecond,
  });
}

/** Micro-dollars that a picture of this size usually costs. */
export function pricePicture(prices: Prices["picture"], size: PictureSize, promptTokens: number): number {
  const quality = prices.quality === "auto" ? "medium" : prices.quality;
  return priceTokens(prices, promptTokens, countPictureTokens(quality, size));
}

/** Tokens are never more than bytes; text that is mostly letters has one in three or four. */
export const bytesPerTokenAtLeast = 2;
/** A margin, because vendors change their token tables slightly. */
const pictureSlack = 1.1;
/**
 * The most tokens that the text model may write: more than the longest storyboard has, with room for a model
 * that reasons first. The request carries this limit, so that the ceiling holds.
 */
export const textTokensOutAtMost = 16_000;
/** The slowest calm voice: letters or ideographs per second, and a pause. */
const slowest = { charactersPerSecond: 2.5, seconds: 3 };

const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** The most that a picture of this size and prompt costs, in micro-dollars. */
export function ceilingOfPicture(prices: Prices["picture"], size: PictureSize, prompt: string): number {
  const quality = prices.quality === "auto" ? "high" : prices.quality;
  const tokensIn = bytesOf(prompt) / bytesPerTokenAtLeast;
  return priceTokens(prices, tokensIn, countPictureTokens(quality, size) * pictureSlack);
}

const slowestSeconds = (text: string) => [...text].length / slowest.charactersPerSecond + slowest.seconds;

/** The most tokens that one Realtime response may be limited to. @source openai-node, `max_output_tokens` */
const realtimeTokensOutAtMost = 4_096;

/** Tokens that a narration of this text is let use. Sent with the request, so that the ceiling holds. */
export const tokensOutOfNarration = (text: string): number =>
  Math.min(
    realtimeTokensOutAtMost,
    Math.ceil(slowestSeconds(text) * audioTokensPerSecond + bytesOf(text) / bytesPerTokenAtLeast),
  );

/** The most that the narration of this text costs by this voice, in micro-dollars. */
export function ceilingOfVoice(voice: VoicePrices, text: string): number {
  if (voice.kind === "speech") return priceSpeech(voice, slowestSeconds(text));
  if (voice.kind !== "realtime") return 0;
  return priceRealtime(voice, {
    textIn: 2 * realtimeInstructionTokens + bytesOf(text) / bytesPerTokenAtLeast,
    audioIn: 0,
    textOut: 0,
    audioOut: tokensOutOfNarration(text),
  });
}

/** The most that one narration costs if every voice of the chain has to be tried. */
export const ceilingOfVoices = (voices: readonly VoicePrices[], text: string): number =>
  voices.reduce((sum, voice) => sum + ceilingOfVoice(voice, text), 0);

/** The most that a text request costs, in micro-dollars. `request`: all of its text. */
export function ceilingOfText(prices: Prices["text"], request: string): number {
  return priceTokens(prices, bytesOf(request) / bytesPerTokenAtLeast, textTokensOutAtMost);
}
