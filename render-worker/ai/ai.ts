/** The kinds of AI calls, over OpenAI's wire format. */
import { z } from "zod";
import type { PictureQuality, PictureSize } from "../../contract/picture-sizes.ts";
import type { PaidVoiceKind } from "../../contract/voice-kinds.ts";
import { type Poison, Rejected, type Transient } from "../errors.ts";

export interface ProviderResult<T> {
  value: T;
  /** The provider's id of the call, for its support and its bill. */
  requestId: string | null;
}

export interface PricedResult<T> extends ProviderResult<T> {
  /** Null if the provider reported no usage. */
  costMicroUsd: number | null;
}

/**
 * `safetyIdentifier`: for the provider, which person's dream this is: a hash, at most 64 characters. It is no
 * part of what is bought. Only OpenAI gets it.
 */
interface ForDreamer {
  safetyIdentifier?: string;
}

export interface TextRequest extends ForDreamer {
  system: string;
  user: string;
  schemaName: string;
  schema: Record<string, unknown>;
}

export interface WrittenText {
  text: string;
  /** The answer ended at the token limit. */
  isCutOff: boolean;
  /** The model refused to write. Its tokens are charged like those of an answer. */
  isRefused: boolean;
}

export interface PictureRequest extends ForDreamer {
  prompt: string;
  size: PictureSize;
  /** Absent: as configured. */
  quality?: PictureQuality;
}

export interface EditRequest extends PictureRequest {
  /** Files of the pictures that the new one is painted from, in the order in which the prompt names them. */
  references: readonly string[];
}

/** The provider paints from words alone. The call was refused, and it cost nothing. */
export class NoReferences extends Rejected {
  constructor(cause: unknown) {
    super("picture.no_references", "The AI provider paints from words alone", {
      cause,
      aiFault: "bad_request",
    });
  }
}

export interface VoiceRequest {
  text: string;
  /** The provider's name of the voice: see voices/. */
  voice: string;
  instructions: string;
  /** A factor on the usual pace; absent: 1. */
  speed?: number;
}

/**
 * Sound bytes, not checked yet; or why a call that the provider charges for gave none that may be kept. A WAV
 * of the Realtime voice contains what the model says that it said: see media/voice/said-chunk.ts.
 */
export type Narration = { bytes: Uint8Array } | { unusable: Transient | Poison };

/** One voice. */
export type Speaker = (request: VoiceRequest, signal: AbortSignal) => Promise<PricedResult<Narration>>;

export interface TranscriptionRequest {
  path: string;
  /** The provider reads the format of the sound from this name's extension. */
  fileName: string;
  /** Names that may be spoken. */
  keywords: readonly string[];
  /** Tags of languages that may be spoken. */
  languages: readonly string[];
}

/** What the provider heard. */
export const Transcription = z.object({
  text: z.string(),
  /** The languages that were heard, if the provider names them. */
  languages: z.array(z.string()).default([]),
});
export type Transcription = z.infer<typeof Transcription>;

export type Transcribe = (
  request: TranscriptionRequest,
  signal: AbortSignal,
) => Promise<PricedResult<Transcription>>;

export interface Ai {
  /**
   * JSON text that should match the schema; the caller must check it. At most `textTokensOutAtMost` tokens.
   */
  write(request: TextRequest, signal: AbortSignal): Promise<PricedResult<WrittenText>>;
  /** PNG bytes, not checked yet. */
  paint(request: PictureRequest, signal: AbortSignal): Promise<PricedResult<Uint8Array>>;
  /**
   * PNG bytes of a picture that is painted from reference pictures, not checked yet.
   *
   * @throws NoReferences if the provider has no such call
   */
  edit(request: EditRequest, signal: AbortSignal): Promise<PricedResult<Uint8Array>>;
  /**
   * A narration by the voice of this kind. The cost is null if the provider reports no usage and it depends
   * on the decoded length: see `priceByLength`.
   *
   * @throws if the chain has no voice of this kind
   */
  speak(kind: PaidVoiceKind, request: VoiceRequest, signal: AbortSignal): Promise<PricedResult<Narration>>;
  /**
   * The words of a sound.
   *
   * @throws if no transcription is configured
   */
  transcribe: Transcribe;
}
