import type { TimedWord } from "../captions/timed-word.ts";
import type { DecodedVoice } from "../media/decode-voice.ts";

/** A scene's narration. */
export interface SceneVoice {
  /** The same key always means the same sound. */
  key: string;
  /** The model that spoke it; null if none did. */
  model: string | null;
  reused: boolean;
  seconds: number;
  /** The words that are heard, or, in a silent scene, read. */
  words: TimedWord[];
  /** Null: the scene is silent. */
  sound: DecodedVoice | null;
}
