import { type MinutePrices, type PaidVoice, priceSpeech, slowestSeconds } from "./paid-voice.ts";

/** Narrations by any server with the shape of OpenAI's `/audio/speech`, which reports no usage. */
export const speech: PaidVoice<MinutePrices> = {
  is: "any server with the shape of `/audio/speech`",
  prefix: "VOICE_SPEECH_",
  endpoint: "audio/speech",
  /**
   * For servers other than OpenAI's, many of which know this name. OpenAI ends it.
   *
   * @source developers.openai.com/api/docs/pricing, /api/docs/deprecations
   */
  defaultModel: {
    model: "gpt-4o-mini-tts",
    price: { pricePerMinute: 0.015 },
    endsOn: "2027-01-06",
    replacement: "gpt-realtime-2.1-mini",
    readOn: "2026-11-27",
  },
  priceVariables: { pricePerMinute: "VOICE_PRICE_PER_MINUTE" },
  priceUnit: "per minute",
  usual: (prices, seconds) => priceSpeech(prices, seconds),
  ceiling: (prices, text) => priceSpeech(prices, slowestSeconds(text)),
  byLength: (prices, seconds) => priceSpeech(prices, seconds),
};
