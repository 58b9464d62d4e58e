/**
 * The prices of AI providers, and the cost of one purchase computed from them: an estimate for people, and a
 * ceiling for budgets, which no such purchase should exceed. The worker books the usage that the provider
 * reports, and speech by its length; without either it books the ceiling.
 *
 * Defaults as of 2026-11-22. Worker and edge read the same variables (`PICTURE_PRICE_OUT` …): set them on
 * both.
 *
 * @source developers.openai.com/api/docs/pricing; GPT image models' token table
 */
import { z } from "zod";

const price = z.coerce.number().min(0);

/** Variables by prefix. US dollars per million tokens; speech per minute. */
export const priceShapes = {
  TEXT_: { PRICE_IN: price.default(0.1), PRICE_OUT: price.default(0.5) },
  PICTURE_: {
    PRICE_IN: price.default(5),
    PRICE_OUT: price.default(30),
    QUALITY: z.enum(["low", "medium", "high", "auto"]).default("medium"),
  },
  VOICE_: { PRICE_PER_MINUTE: price.default(0.015) },
} as const;

export interface TokenPrices {
  priceIn: number;
  priceOut: number;
}
export type PictureQuality = z.infer<typeof priceShapes.PICTURE_.QUALITY>;
export type PictureSize = "1536x1024" | "1024x1536" | "1024x1024";

export interface Prices {
  text: TokenPrices;
  picture: TokenPrices & { quality: PictureQuality };
  voice: { pricePerMinute: number };
}

/** The prices as configured, with the defaults. @throws ZodError naming the variable that is not a price */
export function readPrices(env: Record<string, unknown>): Prices {
  const read = <S extends z.ZodRawShape>(prefix: string, shape: S) =>
    z
      .object(shape)
      .parse(Object.fromEntries(Object.keys(shape).map((name) => [name, env[prefix + name] || undefined])));
  const [text, picture, voice] = [
    read("TEXT_", priceShapes.TEXT_),
    read("PICTURE_", priceShapes.PICTURE_),
    read("VOICE_", priceShapes.VOICE_),
  ];
  return {
    text: { priceIn: text.PRICE_IN, priceOut: text.PRICE_OUT },
    picture: { priceIn: picture.PRICE_IN, priceOut: picture.PRICE_OUT, quality: picture.QUALITY },
    voice: { pricePerMinute: voice.PRICE_PER_MINUTE },
  };
}

/** The prices as one line of JSON. Two sides with the same prices write the same line. */
export function writePrices({ text, picture, voice }: Prices): string {
  return JSON.stringify([
    { priceIn: text.priceIn, priceOut: text.priceOut },
    { priceIn: picture.priceIn, priceOut: picture.priceOut, quality: picture.quality },
    { pricePerMinute: voice.pricePerMinute },
  ]);
}

/** Output tokens of one picture. With `auto` the provider chooses: medium is usual, high is the most. */
const pictureTokens: Record<Exclude<PictureQuality, "auto">, Record<PictureSize, number>> = {
  low: { "1024x1024": 272, "1024x1536": 408, "1536x1024": 400 },
  medium: { "1024x1024": 1056, "1024x1536": 1584, "1536x1024": 1568 },
  high: { "1024x1024": 4160, "1024x1536": 6240, "1536x1024": 6208 },
};

/** A price per million tokens in dollars is a price per token in micro-dollars. */
export const priceTokens = ({ priceIn, priceOut }: TokenPrices, tokensIn: number, tokensOut: number) =>
  Math.ceil(tokensIn * priceIn + tokensOut * priceOut);

/** Micro-dollars for the usage that a provider reports. Null if it reports none: every answer has tokens. */
export const priceUsage = (
  prices: TokenPrices,
  tokensIn: number | undefined,
  tokensOut: number | undefined,
): number | null =>
  tokensIn !== undefined && tokensOut !== undefined && tokensIn > 0 && tokensOut > 0
    ? priceTokens(prices, tokensIn, tokensOut)
    : null;

/** Micro-dollars for so many seconds of speech, rounded up. */
export const priceSpeech = ({ pricePerMinute }: Prices["voice"], seconds: number) =>
  Math.ceil((seconds / 60) * pricePerMinute * 1e6);

/** Micro-dollars that a picture of this size usually costs. */
export function pricePicture(prices: Prices["picture"], size: PictureSize, promptTokens: number): number {
  const quality = prices.quality === "auto" ? "medium" : prices.quality;
  return priceTokens(prices, promptTokens, pictureTokens[quality][size]);
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
  return priceTokens(prices, tokensIn, pictureTokens[quality][size] * pictureSlack);
}

/** The most that the speech of this text costs, in micro-dollars. */
export function ceilingOfVoice(prices: Prices["voice"], text: string): number {
  return priceSpeech(prices, [...text].length / slowest.charactersPerSecond + slowest.seconds);
}

/** The most that a text request costs, in micro-dollars. `request`: all of its text. */
export function ceilingOfText(prices: Prices["text"], request: string): number {
  return priceTokens(prices, bytesOf(request) / bytesPerTokenAtLeast, textTokensOutAtMost);
}
