import type { TimedWord } from "../captions/timed-word.ts";
import type { Span } from "../media/own-voice/find-silences.ts";

/** The dream's recordings, ready to narrate. */
export interface OwnVoice {
  parts: OwnPart[];
  /** Of all parts, in order. */
  heard: HeardWord[];
  /** The language of most of the recordings; "und" if none is known. */
  language: string;
  /** Differs for other recordings and for another recipe. */
  key: string[];
}

export interface OwnPart {
  /** Mono at the film's sample rate. */
  samples: Float32Array;
  silences: Span[];
  seconds: number;
}

/** The recordings that narrate a film, and where its scenes' words are in them. */
export interface OwnNarration {
  own: OwnVoice;
  placement: Placement;
}

/** A word in the sound. */
export interface HeardWord extends TimedWord {
  /** The recording, counted from 0. */
  part: number;
}

/** A word of the captions with its place in the sound. */
export interface PlacedWord extends HeardWord {
  scene: number;
}

/** Where the words of the scenes are in the recordings. */
export interface Placement {
  words: PlacedWord[];
  /**
   * Words that the owner's text does not have, at least `leastDeleted` in a row: the film leaves them out.
   */
  deleted: HeardWord[][];
  /** Words of the text that nothing in the sound stands for: the captions leave them out. */
  unheard: number;
  /** Scenes of which a part is captioned as heard, because the text says something else. */
  reworded: Set<number>;
}
