import type { TimedWord } from "../captions/timed-word.ts";
import type { SpokenSound } from "./prepare-sound.ts";
import type { Speech } from "./voice/find-speech.ts";

/** A scene's narration. */
export interface SceneVoice {
  /** The same key always means the same sound. */
  key: string;
  /** The model that spoke it; null if none did. */
  model: string | null;
  reused: boolean;
  /** The words that are heard, or, in a silent scene, read. */
  words: TimedWord[];
  /** The part of the sound that is played. */
  speech: Speech;
  /** Null: the scene is silent. */
  sound: SpokenSound | null;
}
