/** The three things we buy, over OpenAI's wire: one file for each in ./openai. */
import type { PictureSize } from "../../contract/prices.ts";
import { createPainter } from "./openai/paint.ts";
import { createSpeaker } from "./openai/speak.ts";
import { createWriter } from "./openai/write.ts";
import type { Providers } from "./providers.ts";

export interface ProviderResult<T> {
  value: T;
  /** The provider's own name of the call, for its support and its bill. */
  requestId: string | null;
}

export interface PricedResult<T> extends ProviderResult<T> {
  /** Null: the provider did not say. */
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
  /** The model came to the end of the tokens that it is let write. */
  isCutOff: boolean;
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
  /** JSON text that claims to match the schema; the caller checks. At most `textTokensOutAtMost` tokens. */
  write(request: TextRequest, signal: AbortSignal): Promise<PricedResult<WrittenText>>;
  /** PNG bytes, as yet untrusted. */
  paint(request: PictureRequest, signal: AbortSignal): Promise<PricedResult<Uint8Array>>;
  /** WAV bytes, as yet untrusted. What they cost depends on their length: `priceSpeech`. */
  speak(request: VoiceRequest, signal: AbortSignal): Promise<ProviderResult<Uint8Array>>;
}

export function createAi(providers: Providers): Ai {
  return {
    write: createWriter(providers.text),
    paint: createPainter(providers.picture),
    speak: createSpeaker(providers.voice),
  };
}
