import type { VoiceProvider } from "../../providers.ts";
import type { Ai } from "../openai.ts";
import { connect } from "./connect.ts";
import { translateError } from "./translate-error.ts";

/** Buys speech. */
export function createSpeaker(provider: VoiceProvider): Ai["speak"] {
  const voice = connect(provider);
  return async ({ text: input, voice: name, instructions }, signal) => {
    try {
      const answer = await voice.audio.speech.create(
        { model: provider.model, input, voice: name, instructions, response_format: "wav" },
        { signal },
      );
      return {
        value: new Uint8Array(await answer.arrayBuffer()),
        requestId: answer.headers.get("x-request-id"),
      };
    } catch (error) {
      throw translateError(error, signal);
    }
  };
}
