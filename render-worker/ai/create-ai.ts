import type { Providers } from "../runtime/providers.ts";
import type { Ai } from "./ai.ts";
import { createPainter } from "./openai/paint.ts";
import { createSpeaker } from "./openai/speak.ts";
import { createWriter } from "./openai/write.ts";

/** The clients of all three capabilities, one connection to a provider each. */
export function createAi(providers: Providers): Ai {
  return {
    write: createWriter(providers.text),
    paint: createPainter(providers.picture),
    speak: createSpeaker(providers.voice),
  };
}
