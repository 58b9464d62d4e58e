/**
 * The prices of AI providers, and the cost of one purchase computed from them: an estimate for people, and a
 * ceiling for budgets, which no such purchase should exceed. The worker books the usage that the provider
 * reports, and speech by its length; without either it books the ceiling.
 *
 * The defaults are those of models.ts. Worker and edge read the same variables (`PICTURE_PRICE_OUT`,
 * `VOICE_CHAIN` …): set them on both.
 */
import { z } from "zod";
import { tokensAtMost } from "./count-tokens.ts";
import {
  defaultModels,
  findPrices,
  type ModelUse,
  type PicturePrices,
  type PricesByUse,
  type TextPrices,
} from "./models.ts";
import {
  countPictureTokens,
  type PictureQuality,
  type PictureSize,
  referenceTokens,
  sheetSize,
} from "./picture-sizes.ts";
import { readVoiceChain, type VoiceLink } from "./voice-chain.ts";
import { isPaidVoice, type PaidVoiceKind, paidVoiceKinds, voiceKinds } from "./voice-kinds.ts";
import type { PaidVoice } from "./voices/paid-voice.ts";

/** The prices of one voice. A voice that is not bought has none. */
export type VoicePrices =
  | { [K in PaidVoiceKind]: { kind: K } & PricesByUse[K] }[PaidVoiceKind]
  | { kind: "own" }
  | { kind: "none" };

export interface Prices {
  text: TextPrices;
  picture: PicturePrices & { model: string; quality: PictureQuality };
  /** In the order in which they are tried. */
  voices: readonly VoicePrices[];
}

/** The variable of each price, by use. */
export const priceVariables = {
  text: { priceIn: "TEXT_PRICE_IN", priceOut: "TEXT_PRICE_OUT" },
  picture: {
    priceIn: "PICTURE_PRICE_IN",
    priceImageIn: "PICTURE_PRICE_IMAGE_IN",
    priceOut: "PICTURE_PRICE_OUT",
  },
  transcription: { pricePerMinute: "TRANSCRIPTION_PRICE_PER_MINUTE" },
  ...(Object.fromEntries(paidVoiceKinds.map((kind) => [kind, voiceKinds[kind].priceVariables])) as {
    [K in PaidVoiceKind]: (typeof voiceKinds)[K]["priceVariables"];
  }),
} satisfies { [U in ModelUse]: Record<keyof PricesByUse[U], string> };

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
      ...Object.fromEntries(isPaidVoice(voice.kind) ? pick(voice.kind, voice) : []),
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

/** How this voice is priced, with its prices; null if it is not bought. */
function findPaid(voice: VoicePrices): { kind: PaidVoice<VoicePrices>; prices: VoicePrices } | null {
  if (!isPaidVoice(voice.kind)) return null;
  // TypeScript does not see that the kind and the prices belong together.
  return { kind: voiceKinds[voice.kind] as unknown as PaidVoice<VoicePrices>, prices: voice };
}

/** Micro-dollars that this many seconds of narration in so many scenes usually cost. */
export function priceVoice(voice: VoicePrices, seconds: number, scenes: number): number {
  const paid = findPaid(voice);
  return paid?.kind.usual(paid.prices, seconds, scenes) ?? 0;
}

/** The most that the narration of this text costs by this voice, in micro-dollars. */
export function ceilingOfVoice(voice: VoicePrices, text: string): number {
  const paid = findPaid(voice);
  return paid?.kind.ceiling(paid.prices, text) ?? 0;
}

/** Micro-dollars of a narration by its length; null for a voice whose provider reports the usage. */
export function priceByLength(voice: VoicePrices, seconds: number): number | null {
  const paid = findPaid(voice);
  return paid?.kind.byLength?.(paid.prices, seconds) ?? null;
}

/** The prices and the quality of pictures. */
type PictureTariff = PicturePrices & { quality: PictureQuality };

/** Micro-dollars that a picture of this size usually costs. `references`: pictures in the request. */
export function pricePicture(
  prices: PictureTariff,
  size: PictureSize,
  promptTokens: number,
  references = 0,
): number {
  const quality = prices.quality === "auto" ? "medium" : prices.quality;
  const painted = priceTokens(prices, promptTokens, countPictureTokens(quality, size));
  return painted + priceReferences(prices, references);
}

const priceReferences = ({ priceImageIn }: PicturePrices, references: number) =>
  Math.ceil(references * referenceTokens * priceImageIn);

/** A margin, because vendors change their token tables slightly. */
const pictureSlack = 1.1;
/**
 * The most tokens that the text model may write: more than the longest storyboard has, with room for a model
 * that reasons first. The request carries this limit, so that the ceiling holds.
 */
export const textTokensOutAtMost = 16_000;

/**
 * The most that a picture of this size and prompt costs, in micro-dollars. `references`: pictures in the
 * request.
 */
export function ceilingOfPicture(
  prices: PictureTariff,
  size: PictureSize,
  prompt: string,
  references = 0,
): number {
  const quality = prices.quality === "auto" ? "high" : prices.quality;
  const painted = priceTokens(prices, tokensAtMost(prompt), countPictureTokens(quality, size) * pictureSlack);
  return painted + priceReferences(prices, references);
}

/** A reference sheet needs no detail: it is bought in low quality, whatever the film's pictures have. */
const sheetTariff = (prices: PicturePrices): PictureTariff => ({ ...prices, quality: "low" });

/** Micro-dollars that a reference sheet usually costs. `references`: 1 if it is painted from a photo. */
export const priceSheet = (prices: PicturePrices, promptTokens: number, references = 0): number =>
  pricePicture(sheetTariff(prices), sheetSize, promptTokens, references);

/** The most that a reference sheet costs, in micro-dollars. `references`: 1 if it is painted from a photo. */
export const ceilingOfSheet = (prices: PicturePrices, prompt: string, references = 0): number =>
  ceilingOfPicture(sheetTariff(prices), sheetSize, prompt, references);

/** The most that one narration costs if every voice of the chain has to be tried. */
export const ceilingOfVoices = (voices: readonly VoicePrices[], text: string): number =>
  voices.reduce((sum, voice) => sum + ceilingOfVoice(voice, text), 0);

/** The most that a text request costs, in micro-dollars. `request`: all of its text. */
export function ceilingOfText(prices: Prices["text"], request: string): number {
  return priceTokens(prices, tokensAtMost(request), textTokensOutAtMost);
}
