import type { Span } from "../../media/own-voice/find-silences.ts";
import type { HeardWord, Placement } from "./place-words.ts";

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
