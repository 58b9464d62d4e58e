/**
 * A film's voices by the names that each kind of provider knows.
 *
 * @source developers.openai.com/api/docs/guides/realtime: alloy, ash, ballad, coral, echo, sage, shimmer,
 *   verse, marin, cedar; openai-node, `RealtimeAudioConfigOutput.voice` (2026-11-13)
 */
import type { Narrator, Voice } from "../../contract/film.ts";
import type { PaidVoiceKind } from "../../contract/voice-chain.ts";

/** Realtime has no fable, nova and onyx: the voice that is nearest in pitch and colour stands in. */
const realtimeVoices: Record<Voice, string> = {
  alloy: "alloy",
  ash: "ash",
  coral: "coral",
  echo: "echo",
  fable: "ballad",
  nova: "marin",
  onyx: "cedar",
  sage: "sage",
  shimmer: "shimmer",
};

/** The name under which a provider of this kind knows the voice. No provider has the dreamer's own. */
export const voiceName = (kind: PaidVoiceKind, voice: Exclude<Narrator, "own">): string =>
  kind === "realtime" ? realtimeVoices[voice] : voice;
