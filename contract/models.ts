/**
 * The catalogue of AI models: what each can do, costs, and when its vendor ends it. The worker, the edge's
 * estimates, the doctor, the alerts, /ops and the tables of the documentation all read this file.
 *
 * End dates hold at api.openai.com only, because other vendors keep models of the same names. Where a
 * provider's own list of models gives a `shutdown_date`, that date holds instead.
 *
 * @source developers.openai.com/api/docs/pricing, /api/docs/deprecations; read on `readOn`
 */
import { type PaidVoiceKind, type PricesOfVoice, paidVoiceKinds, voiceKinds } from "./voice-kinds.ts";
import type { MinutePrices } from "./voices/paid-voice.ts";

/** US dollars per million tokens. */
export interface TextPrices {
  priceIn: number;
  priceOut: number;
}
/** US dollars per million tokens. `priceImageIn`: for pictures that are part of the request. */
export interface PicturePrices extends TextPrices {
  priceImageIn: number;
}

/** The uses of models. Each kind of voice is priced and called differently: see voice-kinds.ts. */
export type PricesByUse = {
  text: TextPrices;
  picture: PicturePrices;
  transcription: MinutePrices;
} & { [K in PaidVoiceKind]: PricesOfVoice<K> };
export type ModelUse = keyof PricesByUse;

export interface CatalogueEntry<U extends ModelUse = ModelUse> {
  model: string;
  use: U;
  /**
   * Null if this product has never used the model: the operator's price variables or the default's prices
   * hold.
   */
  price: PricesByUse[U] | null;
  /** The first day without the model (UTC). Null: no end is announced. */
  endsOn: string | null;
  /** Null if the model does not end. */
  replacement: string | null;
  readOn: string;
  /**
   * The model paints pictures of any size: edges of at most 3,840 pixels in multiples of 16, 655,360 to
   * 8,294,400 pixels, at most 3:1. Absent: it takes 1536x1024, 1024x1536 and 1024x1024.
   */
  takesAnySize?: boolean;
}

/** How long before its end a model is warned of: long enough to test another one. */
export const modelWarnDays = 60;

/** The host that the catalogue's end dates hold for. */
export const openaiHost = "api.openai.com";

const readOn = "2026-11-27";
const ends = (use: ModelUse, endsOn: string, replacement: string, ...models: string[]): CatalogueEntry[] =>
  models.map((model) => ({ model, use, price: null, endsOn, replacement, readOn }));
const current = <U extends ModelUse>(use: U, model: string, price: PricesByUse[U]): CatalogueEntry<U> => ({
  model,
  use,
  price,
  endsOn: null,
  replacement: null,
  readOn,
});

/** The model of each use that is configured where nothing else is; those of voices stand in voices/. */
export const defaultModels: { [U in ModelUse]: CatalogueEntry<U> } = {
  text: current("text", "gpt-6-luna", { priceIn: 0.1, priceOut: 0.5 }),
  picture: {
    ...current("picture", "gpt-image-2.6-flare", { priceIn: 5, priceImageIn: 8, priceOut: 30 }),
    takesAnySize: true,
  },
  ...(Object.fromEntries(
    paidVoiceKinds.map((kind) => [kind, { ...voiceKinds[kind].defaultModel, use: kind }]),
  ) as { [K in PaidVoiceKind]: CatalogueEntry<K> }),
  transcription: current("transcription", "gpt-transcribe", { pricePerMinute: 0.0045 }),
};

export const catalogue: readonly CatalogueEntry[] = [
  ...Object.values(defaultModels),
  ...ends("picture", "2026-05-12", "gpt-image-2.6-flare", "dall-e-2", "dall-e-3"),
  ...ends("picture", "2026-10-23", "gpt-image-2.6-flare", "gpt-image-1"),
  ...ends("picture", "2026-12-01", "gpt-image-2.6-flare", "gpt-image-1-mini", "gpt-image-1.5"),
  ...ends("picture", "2026-12-01", "gpt-image-2.6-flare", "chatgpt-image-latest"),
  ...ends("speech", "2027-01-06", "gpt-realtime-2.1-mini", "tts-1", "tts-1-hd"),
  ...ends("realtime", "2027-01-20", "gpt-realtime-2.1-mini", "gpt-realtime", "gpt-realtime-mini"),
  ...ends("text", "2026-12-11", "gpt-6-luna", "gpt-5", "gpt-5-mini", "gpt-5-nano"),
  ...ends("text", "2027-01-14", "gpt-6-luna", "gpt-4o", "gpt-4.1"),
  ...ends("text", "2027-04-01", "gpt-6-luna", "gpt-5.1"),
  ...ends("transcription", "2027-02-26", "gpt-transcribe", "whisper-1"),
  ...ends("transcription", "2027-02-26", "gpt-transcribe", "gpt-4o-transcribe", "gpt-4o-mini-transcribe"),
];

/** The model's entry, also for a dated snapshot of it (`gpt-5-2026-01-31`). */
export function findModel(model: string): CatalogueEntry | null {
  const bare = model.replace(/-\d{4}-\d{2}-\d{2}$/, "");
  return catalogue.find((entry) => entry.model === bare) ?? null;
}

/** The prices of the model, or null if the catalogue has none for this use. */
export function findPrices<U extends ModelUse>(use: U, model: string): PricesByUse[U] | null {
  const found = findModel(model);
  return found?.use === use ? (found.price as PricesByUse[U] | null) : null;
}
