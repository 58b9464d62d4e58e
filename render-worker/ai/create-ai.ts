import type { PaidVoiceKind } from "../../contract/voice-kinds.ts";
import type { Providers } from "../runtime/providers.ts";
import type { Ai, Speaker } from "./ai.ts";
import { createEditor } from "./openai/edit.ts";
import { createPainter } from "./openai/paint.ts";
import { createTranscriber } from "./openai/transcribe.ts";
import { createWriter } from "./openai/write.ts";
import { createVoice } from "./voices/voice-clients.ts";

/** The clients of all capabilities, one connection to a provider each. */
export function createAi({ text, picture, voices, transcription }: Providers): Ai {
  const speakers = new Map<PaidVoiceKind, Speaker>(
    voices.flatMap((voice) => ("model" in voice ? [[voice.kind, createVoice(voice)]] : [])),
  );
  const transcriber = transcription && createTranscriber(transcription);
  return {
    write: createWriter(text),
    paint: createPainter(picture),
    edit: createEditor(picture),
    speak: async (kind, request, signal) => {
      const speaker = speakers.get(kind);
      if (!speaker) throw new Error(`no voice of the kind ${kind} is configured`);
      return speaker(request, signal);
    },
    transcribe: async (request, signal) => {
      if (!transcriber) throw new Error("no transcription is configured");
      return transcriber(request, signal);
    },
  };
}
