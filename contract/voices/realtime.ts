import { tokensAtMost } from "../count-tokens.ts";
import { type PaidVoice, slowestSeconds } from "./paid-voice.ts";

/** US dollars per million tokens of text and of sound. */
interface RealtimePrices {
  textIn: number;
  textOut: number;
  audioIn: number;
  audioOut: number;
}

/**
 * A token for each 50 ms of sound. Not confirmed by a bill: what is booked comes from the provider's usage.
 */
const audioTokensPerSecond = 20;
/** Instructions of one narration, and what wraps the script. */
const instructionTokens = 120;
/** Tokens of text a second of speech: 2.4 words. */
const textTokensPerSecond = 3.2;
/** The most tokens that one Realtime response may be limited to. @source openai-node, `max_output_tokens` */
const tokensOutAtMost = 4_096;

/** Narrations over OpenAI's Realtime WebSocket, which reports the tokens of each response. */
export const realtime: PaidVoice<RealtimePrices> = {
  is: "the Realtime WebSocket, one response for each scene",
  prefix: "VOICE_REALTIME_",
  endpoint: "realtime",
  isSocket: true,
  /** @source developers.openai.com/api/docs/pricing, /api/docs/deprecations */
  defaultModel: {
    model: "gpt-realtime-2.1-mini",
    price: { textIn: 0.6, textOut: 2.4, audioIn: 10, audioOut: 20 },
    endsOn: null,
    replacement: null,
    readOn: "2026-11-27",
  },
  priceVariables: {
    textIn: "VOICE_PRICE_TEXT_IN",
    textOut: "VOICE_PRICE_TEXT_OUT",
    audioIn: "VOICE_PRICE_AUDIO_IN",
    audioOut: "VOICE_PRICE_AUDIO_OUT",
  },
  priceUnit: "per million tokens",
  usual(prices, seconds, scenes) {
    const words = seconds * textTokensPerSecond;
    return priceRealtime(prices, {
      textIn: scenes * instructionTokens + words,
      audioIn: 0,
      textOut: words,
      audioOut: seconds * audioTokensPerSecond,
    });
  },
  ceiling: (prices, text) =>
    priceRealtime(prices, {
      textIn: 2 * instructionTokens + tokensAtMost(text),
      audioIn: 0,
      textOut: 0,
      audioOut: tokensOutOfNarration(text),
    }),
  byLength: null,
};

/** Tokens by direction and by what they carry. */
export interface RealtimeTokens {
  textIn: number;
  audioIn: number;
  textOut: number;
  audioOut: number;
}

/** Micro-dollars for these tokens, rounded up. */
export const priceRealtime = (prices: RealtimePrices, tokens: RealtimeTokens): number =>
  Math.ceil(
    tokens.textIn * prices.textIn +
      tokens.audioIn * prices.audioIn +
      tokens.textOut * prices.textOut +
      tokens.audioOut * prices.audioOut,
  );

/** Tokens that a narration of this text is let use. Sent with the request, so that the ceiling holds. */
export const tokensOutOfNarration = (text: string): number =>
  Math.min(tokensOutAtMost, Math.ceil(slowestSeconds(text) * audioTokensPerSecond + tokensAtMost(text)));
