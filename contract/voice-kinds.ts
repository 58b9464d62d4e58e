/**
 * The kinds of voices that are bought: one file each in voices/, registered here. The catalogue of models,
 * the chain of voices, estimates and ceilings, the worker's configuration, the doctor and
 * docs/configuration.md follow. How the worker calls a kind is in render-worker/ai/voices/; a kind without a
 * client is a type error.
 */
import { z } from "zod";
import type { PaidVoice } from "./voices/paid-voice.ts";
import { realtime } from "./voices/realtime.ts";
import { speech } from "./voices/speech.ts";

export const voiceKinds = { realtime, speech };

export type PaidVoiceKind = keyof typeof voiceKinds;
/** The prices of a kind of voice. */
export type PricesOfVoice<K extends PaidVoiceKind> =
  (typeof voiceKinds)[K] extends PaidVoice<infer Prices> ? Prices : never;

export const paidVoiceKinds = Object.keys(voiceKinds) as PaidVoiceKind[];

/** Whether voices of this kind are bought. */
export const isPaidVoice = (kind: string | undefined): kind is PaidVoiceKind =>
  (paidVoiceKinds as readonly (string | undefined)[]).includes(kind);

/**
 * The headers that carry a provider's key. `use`: a kind of voice or another use of models. `key` null: the
 * provider gets no key.
 */
export function keyHeadersOf(use: string, key: string | null): Record<string, string> {
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
