/** The three kinds of AI calls, over OpenAI's wire format. */
import type { PictureSize } from "../../contract/prices.ts";

export interface ProviderResult<T> {
  value: T;
  /** The provider's id of the call, for its support and its bill. */
  requestId: string | null;
}

export interface PricedResult<T> extends ProviderResult<T> {
  /** Null if the provider reported no usage. */
  costMicroUsd: number | null;
}

export interface TextRequest {
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

export interface PictureRequest {
  prompt: string;
  size: PictureSize;
}

export interface VoiceRequest {
  text: string;
  voice: string;
  instructions: string;
}

export interface Ai {
  /**
   * JSON text that should match the schema; the caller must check it. At most `textTokensOutAtMost` tokens.
   */
  write(request: TextRequest, signal: AbortSignal): Promise<PricedResult<WrittenText>>;
  /** PNG bytes, not checked yet. */
  paint(request: PictureRequest, signal: AbortSignal): Promise<PricedResult<Uint8Array>>;
  /** WAV bytes, not checked yet. Their cost depends on their length: see `priceSpeech`. */
  speak(request: VoiceRequest, signal: AbortSignal): Promise<ProviderResult<Uint8Array>>;
}
