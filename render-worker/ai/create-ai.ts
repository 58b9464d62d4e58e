import type { Providers, RealtimeProvider, SpeechProvider } from "../runtime/providers.ts";
import type { Ai } from "./ai.ts";
import { createPainter } from "./openai/paint.ts";
import { createSpeaker } from "./openai/speak.ts";
import { createRealtimeSpeaker } from "./openai/speak-realtime.ts";
import { createTranscriber } from "./openai/transcribe.ts";
import { createWriter } from "./openai/write.ts";

/** The clients of all capabilities, one connection to a provider each. */
export function createAi({ text, picture, voices, transcription }: Providers): Ai {
  const speech = voices.find((voice): voice is SpeechProvider => voice.kind === "speech");
  const realtime = voices.find((voice): voice is RealtimeProvider => voice.kind === "realtime");
  const speakers = {
    speech: speech && createSpeaker(speech),
    realtime: realtime && createRealtimeSpeaker(realtime),
  };
  const transcriber = transcription && createTranscriber(transcription);
  return {
    write: createWriter(text),
    paint: createPainter(picture),
    speak: async (kind, request, signal) => {
      const speaker = speakers[kind];
      if (!speaker) throw new Error(`no voice of the kind ${kind} is configured`);
      return speaker(request, signal);
    },
    transcribe: async (request, signal) => {
      if (!transcriber) throw new Error("no transcription is configured");
      return transcriber(request, signal);
    },
  };
}
