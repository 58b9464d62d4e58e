/**
 * The provider of every AI capability: its address, model and price.
 *
 * Models are retired every few months, so each is configuration: `TEXT_MODEL`, `PICTURE_BASE_URL`,
 * `VOICE_API_KEY` and so on override the defaults of contract/models.ts, one capability at a time. Any
 * server that speaks OpenAI's wire format works. The order of the voices is in contract/voice-chain.ts.
 *
 * A key is only sent to the address it was given for: a capability with a base URL of its own needs its
 * own key, or sends none.
 */
import { z } from "zod";
import { defaultModels, type ModelUse, openaiHost } from "../../contract/models.ts";
import { moderationModel } from "../../contract/moderation.ts";
import { type Prices, readPictureQuality, readPricesOf, type VoicePrices } from "../../contract/prices.ts";
import { readVoiceChain, type VoiceLink } from "../../contract/voice-chain.ts";
import { type PaidVoiceKind, voiceKinds } from "../../contract/voice-kinds.ts";
import type { MinutePrices } from "../../contract/voices/paid-voice.ts";
import { ConfigError, type Environment, parseSection } from "./environment.ts";

interface Provider {
  baseUrl: string;
  /** Null if the server needs no key. */
  apiKey: string | null;
  model: string;
  timeoutMs: number;
  /** Other servers may refuse a field that they do not know. */
  takesSafetyIdentifier: boolean;
}

/**
 * `tokenLimit` names the field that limits the answer's length. OpenAI's newer models refuse `max_tokens`;
 * some other servers know only that field.
 *
 * @source developers.openai.com/api/reference, "Create chat completion": `max_tokens` is deprecated
 */
export type TextProvider = Provider & Prices["text"] & { tokenLimit: "max_completion_tokens" | "max_tokens" };
export type PictureProvider = Provider & Prices["picture"];
/**
 * The provider of a voice that is bought. `variables`: the prefix of its variables without the underscore.
 */
export type PaidVoiceProvider<K extends PaidVoiceKind = PaidVoiceKind> = {
  [Kind in K]: Provider & Extract<VoicePrices, { kind: Kind }> & { variables: string };
}[K];
export type VoiceProvider = PaidVoiceProvider | { kind: "own" } | { kind: "none" };

export type TranscriptionProvider = Provider & MinutePrices;

/**
 * Tells before a purchase whether the words would be refused; at the text model's address. A call is free.
 */
export type ModerationProvider = Pick<Provider, "baseUrl" | "apiKey" | "model">;

export interface Providers {
  /** Null: switched off by `MODERATION_MODEL=off`. */
  moderation: ModerationProvider | null;
  text: TextProvider;
  picture: PictureProvider;
  /** In the order in which they are tried. Never empty. */
  voices: readonly VoiceProvider[];
  /** Tells what a voice said that gives no transcript of its own. Null: not configured. */
  transcription: TranscriptionProvider | null;
  /** Transcribes what is told aloud. Without a key, segments fail with `transcription.key_refused`. */
  recordings: TranscriptionProvider;
}

/** Every provider that calls are sent to, under the prefix of its variables. */
export const calledProviders = (
  providers: Providers,
): { use: ModelUse; name: string; provider: Provider }[] => [
  { use: "text", name: "TEXT", provider: providers.text },
  { use: "picture", name: "PICTURE", provider: providers.picture },
  ...providers.voices.flatMap((voice) =>
    "model" in voice ? [{ use: voice.kind, name: voice.variables, provider: voice }] : [],
  ),
  ...(hasAccess(providers.recordings)
    ? [{ use: "transcription" as const, name: "TRANSCRIPTION", provider: providers.recordings }]
    : []),
];

const hasAccess = ({ apiKey, baseUrl }: Provider) =>
  apiKey !== null || new URL(baseUrl).hostname !== openaiHost;

/**
 * The providers as configured.
 *
 * @throws ConfigError naming the variable
 */
export function parseProviders(env: Environment): Providers {
  const openai = parseSection(env, "OPENAI_", {
    BASE_URL: z.url().default(`https://${openaiHost}/v1`),
    API_KEY: z.string().optional(),
  });
  const provider = (own: ProviderSection, prefix: string, model: string, isNeeded = true): Provider => {
    const baseUrl = own.BASE_URL ?? openai.BASE_URL;
    const isSameServer = new URL(baseUrl).origin === new URL(openai.BASE_URL).origin;
    const apiKey = own.API_KEY ?? (isSameServer ? (openai.API_KEY ?? null) : null);
    if (isNeeded && apiKey === null && new URL(baseUrl).hostname === openaiHost)
      throw new ConfigError(`${prefix}API_KEY: set this variable or OPENAI_API_KEY`);
    const takesSafetyIdentifier = new URL(baseUrl).hostname === openaiHost;
    return { baseUrl, apiKey, model, timeoutMs: own.TIMEOUT_SECONDS * 1000, takesSafetyIdentifier };
  };
  const { TOKEN_LIMIT: tokenLimit, ...text } = parseSection(env, "TEXT_", {
    ...providerShape(90),
    TOKEN_LIMIT: z.enum(["max_completion_tokens", "max_tokens"]).default("max_completion_tokens"),
  });
  const picture = parseSection(env, "PICTURE_", providerShape(180));
  const plainVoice = parseSection(env, "VOICE_", providerShape(90));
  const chain = named(() => readVoiceChain(env));
  const voiceOf = (link: VoiceLink): VoiceProvider => {
    if (!("model" in link)) return link;
    const { kind, model } = link;
    const { prefix, baseUrl } = voiceKinds[kind];
    const own = parseSection(env, prefix, providerShape(plainVoice.TIMEOUT_SECONDS));
    const section = kind === chain.plainKind ? merge(plainVoice, own) : own;
    const prices = named(() => readPricesOf(kind, model, env));
    const variables = (kind === chain.plainKind ? "VOICE_" : prefix).slice(0, -1);
    const called = provider({ ...section, BASE_URL: section.BASE_URL ?? baseUrl }, `${variables}_`, model);
    return { kind, variables, ...called, ...prices } as VoiceProvider;
  };
  const ear = parseSection(env, "TRANSCRIPTION_", providerShape(300));
  const earModel = ear.MODEL ?? defaultModels.transcription.model;
  const isChecking = ear.MODEL !== undefined || ear.BASE_URL !== undefined;
  const recordings = {
    ...provider(ear, "TRANSCRIPTION_", earModel, isChecking),
    ...named(() => readPricesOf("transcription", earModel, env)),
  };
  const moderation = parseSection(env, "MODERATION_", { MODEL: z.string().default(moderationModel) }).MODEL;
  const textModel = text.MODEL ?? defaultModels.text.model;
  const pictureModel = picture.MODEL ?? defaultModels.picture.model;
  return {
    moderation: moderation === "off" ? null : provider(text, "TEXT_", moderation),
    text: {
      ...provider(text, "TEXT_", textModel),
      ...named(() => readPricesOf("text", textModel, env)),
      tokenLimit,
    },
    picture: {
      ...provider(picture, "PICTURE_", pictureModel),
      ...named(() => readPricesOf("picture", pictureModel, env)),
      quality: named(() => readPictureQuality(env)),
    },
    voices: chain.links.map(voiceOf),
    transcription: isChecking ? recordings : null,
    recordings,
  };
}

const providerShape = (timeoutSeconds: number) => ({
  BASE_URL: z.url().optional(),
  API_KEY: z.string().optional(),
  MODEL: z.string().optional(),
  /** A call that is cut off may have been charged, so this is well above what a slow call takes. */
  TIMEOUT_SECONDS: z.coerce.number().min(1).max(600).default(timeoutSeconds),
});
type ProviderSection = z.infer<z.ZodObject<ReturnType<typeof providerShape>>>;

/** A kind's own address goes with its own key alone, as everywhere. */
const merge = (plain: ProviderSection, own: ProviderSection): ProviderSection =>
  own.BASE_URL === undefined
    ? { ...own, BASE_URL: plain.BASE_URL, API_KEY: own.API_KEY ?? plain.API_KEY }
    : own;

/** Turns the contract's errors, which begin with the variable's name, into the worker's. */
function named<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new ConfigError(error instanceof Error ? error.message : String(error));
  }
}
