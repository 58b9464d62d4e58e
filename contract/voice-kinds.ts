/**
 * The kinds of voices that are bought: how each is configured and priced. The chain of voices, estimates and
 * ceilings, the worker's configuration, the doctor and docs/configuration.md read this table. Default models
 * and their prices are in models.ts; how the worker calls each kind is in render-worker/ai/voice-clients.ts.
 * A kind that lacks one of these is a type error.
 */
import { z } from "zod";
import { tokensAtMost } from "./count-tokens.ts";
import type { MinutePrices, ModelUse, PaidVoiceKind, PricesByUse, RealtimePrices } from "./models.ts";

export interface PaidVoice<Prices> {
  /** What it is, for the documentation. */
  is: string;
  /** The prefix of the variables that are about this kind alone. */
  prefix: `VOICE_${string}_`;
  /** Where calls go if no variable gives an address; absent: OPENAI_BASE_URL. */
  baseUrl?: string;
  /** Below the base URL. */
  endpoint: string;
  /** The headers that carry the key; absent: a bearer. */
  keyHeaders?(key: string): Record<string, string>;
  /** The variable of each price. */
  priceVariables: Record<keyof Prices, string>;
  /** What a price is for, in words: `per minute`. */
  priceUnit: `per ${string}`;
  /** Micro-dollars that this many seconds of narration in so many scenes usually cost. */
  usual(prices: Prices, seconds: number, scenes: number): number;
  /** The most that the narration of this text costs, in micro-dollars. */
  ceiling(prices: Prices, text: string): number;
  /** The cost of a decoded narration, for a provider that reports no usage; null: it reports it. */
  byLength: ((prices: Prices, seconds: number) => number) | null;
}

/** A token for each 50 ms of sound. Not confirmed by a bill: what is booked comes from the provider's usage. */
const audioTokensPerSecond = 20;
/** Instructions of one narration, and what wraps the script. */
const realtimeInstructionTokens = 120;
/** Tokens of text a second of speech: 2.4 words. */
const textTokensPerSecond = 3.2;
/** The slowest calm voice: letters or ideographs per second, and a pause. It says a figure as a word of its own. */
const slowest = { charactersPerSecond: 2.5, charactersOfFigure: 2, seconds: 3 };
/** The most tokens that one Realtime response may be limited to. @source openai-node, `max_output_tokens` */
const realtimeTokensOutAtMost = 4_096;

export const voiceKinds: { [K in PaidVoiceKind]: PaidVoice<PricesByUse[K]> } = {
  realtime: {
    is: "the Realtime WebSocket, one response for each scene",
    prefix: "VOICE_REALTIME_",
    endpoint: "realtime",
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
        textIn: scenes * realtimeInstructionTokens + words,
        audioIn: 0,
        textOut: words,
        audioOut: seconds * audioTokensPerSecond,
      });
    },
    ceiling: (prices, text) =>
      priceRealtime(prices, {
        textIn: 2 * realtimeInstructionTokens + tokensAtMost(text),
        audioIn: 0,
        textOut: 0,
        audioOut: tokensOutOfNarration(text),
      }),
    byLength: null,
  },
  speech: {
    is: "any server with the shape of `/audio/speech`",
    prefix: "VOICE_SPEECH_",
    endpoint: "audio/speech",
    priceVariables: { pricePerMinute: "VOICE_PRICE_PER_MINUTE" },
    priceUnit: "per minute",
    usual: (prices, seconds) => priceSpeech(prices, seconds),
    ceiling: (prices, text) => priceSpeech(prices, slowestSeconds(text)),
    byLength: (prices, seconds) => priceSpeech(prices, seconds),
  },
};

export const paidVoiceKinds = Object.keys(voiceKinds) as PaidVoiceKind[];

/** Whether voices of this kind are bought. */
export const isPaidVoice = (kind: string | undefined): kind is PaidVoiceKind =>
  (paidVoiceKinds as readonly (string | undefined)[]).includes(kind);

/** The headers that carry a provider's key in calls without its client, such as the doctor's. Null: no key. */
export function keyHeadersOf(use: ModelUse, key: string | null): Record<string, string> {
  if (key === null) return {};
  const kind: Pick<PaidVoice<never>, "keyHeaders"> = isPaidVoice(use) ? voiceKinds[use] : {};
  return kind.keyHeaders?.(key) ?? { authorization: `Bearer ${key}` };
}

/**
 * How a narration is made: by a voice that is bought, or `own`: the dreamer's recording, or `none`: a silent
 * film, its captions paced for reading.
 */
export const VoiceKind = z.enum([...paidVoiceKinds, "own", "none"]);
export type VoiceKind = z.infer<typeof VoiceKind>;

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

function slowestSeconds(text: string): number {
  const figures = text.match(/\p{Nd}/gu)?.length ?? 0;
  const characters = [...text].length + figures * (slowest.charactersOfFigure - 1);
  return characters / slowest.charactersPerSecond + slowest.seconds;
}

/** Tokens that a narration of this text is let use. Sent with the request, so that the ceiling holds. */
export const tokensOutOfNarration = (text: string): number =>
  Math.min(
    realtimeTokensOutAtMost,
    Math.ceil(slowestSeconds(text) * audioTokensPerSecond + tokensAtMost(text)),
  );
