import type { Voice } from "../../../contract/film.ts";
import type { PaidVoiceKind } from "../../../contract/voice-kinds.ts";
import type { PaidVoiceProvider } from "../../runtime/providers.ts";
import type { Speaker } from "../ai.ts";

/**
 * How the worker calls one kind of voice. tests/openai/voice-conformance.test.ts says what every client does.
 */
export interface VoiceClient<K extends PaidVoiceKind> {
  create(provider: PaidVoiceProvider<K>): Speaker;
  /** The film's voices by the names that the provider knows. No provider has the dreamer's own. */
  voiceName(voice: Voice): string;
  /** How a narrator is asked to speak. `language`: a BCP 47 tag. */
  instructions(language: string): string;
  /**
   * For the doctor: opens the endpoint of a kind that is `isSocket`, and closes it. It buys nothing.
   *
   * @throws what the provider refuses it with
   */
  open?(provider: PaidVoiceProvider<K>, signal: AbortSignal): Promise<void>;
}
