/** What the transcription of recordings costs. The model and its price are in models.ts. */
import { defaultModels } from "./models.ts";
import { readPricesOf } from "./prices.ts";
import { type MinutePrices, priceSpeech } from "./voices/paid-voice.ts";

/**
 * The price of transcription as configured.
 *
 * @throws Error whose message begins with the name of the variable that is no price
 */
export const readTranscriptionPrices = (env: Record<string, unknown>): MinutePrices =>
  readPricesOf("transcription", String(env.TRANSCRIPTION_MODEL || defaultModels.transcription.model), env);

/** Providers may round each recording up to whole seconds. */
const roundingSeconds = 1;
/** A call of unknown outcome is repeated once. */
const purchases = 2;

/** The most that one call for so many seconds costs, in micro-dollars. */
export const ceilingOfTranscription = (prices: MinutePrices, seconds: number): number =>
  priceSpeech(prices, seconds + roundingSeconds);

/** The most that the job of one segment may spend, in micro-dollars. */
export const ceilingOfSegment = (prices: MinutePrices, longestSeconds: number): number =>
  purchases * ceilingOfTranscription(prices, longestSeconds);
