import { toFile } from "openai";
import { Unsure } from "../../errors.ts";
import type { TranscriptionProvider } from "../../runtime/providers.ts";
import type { Ai } from "../ai.ts";
import { connect } from "./connect.ts";
import { faultOfAnswer } from "./read-fault.ts";
import { translateError } from "./translate-error.ts";

/** A function that buys transcripts from this provider. */
export function createTranscriber(provider: TranscriptionProvider): Ai["transcribe"] {
  const client = connect(provider);
  return async (sound, signal) => {
    const answer = await toFile(sound, "voice.wav", { type: "audio/wav" })
      .then((file) =>
        client.audio.transcriptions.create(
          { model: provider.model, file, response_format: "json" },
          { signal },
        ),
      )
      .catch((error) => {
        throw translateError("voice", error, signal);
      });
    const fault = faultOfAnswer("voice", answer);
    if (fault) throw fault;
    if (typeof answer.text !== "string")
      throw new Unsure("openai.malformed", "The transcription had no text", { aiFault: "unreadable" });
    return { value: answer.text, requestId: null, costMicroUsd: null };
  };
}
