import type { CodedError } from "../../errors.ts";
import type { PaidVoiceProvider } from "../../runtime/providers.ts";
import type { Speaker } from "../ai.ts";
import { connect } from "../openai/connect.ts";
import { translateError } from "../openai/translate-error.ts";
import { faultOfText } from "../read-fault.ts";
import type { VoiceClient } from "./voice-client.ts";

/** Buys each narration by one call of `/audio/speech`. */
export const speech: VoiceClient<"speech"> = {
  create: createSpeaker,
  voiceName: (voice) => voice,
  instructions: (language) => `Narrate a dream: calm, warm, unhurried. Language: ${language}.`,
};

function createSpeaker(provider: PaidVoiceProvider<"speech">): Speaker {
  const voice = connect(provider);
  return async ({ text: input, voice: name, instructions, speed }, signal) => {
    try {
      const answer = await voice.audio.speech.create(
        {
          ...{ model: provider.model, input, voice: name, instructions },
          response_format: "wav",
          ...(speed !== undefined && { speed }),
        },
        { signal },
      );
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const fault = faultOfSound(bytes);
      if (fault) throw fault;
      return { value: { bytes }, requestId: answer.headers.get("x-request-id"), costMicroUsd: null };
    } catch (error) {
      throw translateError("voice", error, signal);
    }
  };
}

/** No sound file starts with these characters: `<` starts a web page, `{` starts JSON. */
const textStarts = new Set(["<", "{"]);
const mostTextBytes = 64 * 1024;

/** The error that was sent instead of sound, or null. Many servers send it with the sound's content type. */
function faultOfSound(bytes: Uint8Array): CodedError | null {
  const text = new TextDecoder().decode(bytes.subarray(0, mostTextBytes)).trimStart();
  return textStarts.has(text.charAt(0)) ? faultOfText("voice", text) : null;
}
