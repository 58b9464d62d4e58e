import type { Storyboard } from "../../../contract/storyboard.ts";
import { splitWords } from "../../captions/text/split-words.ts";
import type { OwnNarration, OwnVoice, Placement } from "../own-narration.ts";
import { placeWords } from "./place-words.ts";

/** The words of the storyboard's narrations in the recordings. */
export function placeStoryboard({ scenes }: Storyboard, own: OwnVoice): OwnNarration {
  const words = scenes.flatMap(({ narration }, scene) =>
    splitWords(narration, own.language).map((word) => ({ ...word, scene })),
  );
  return { own, placement: placeWords(words, own.heard, own.language) };
}

/** The words of the dream's text in the recordings, before it has scenes. */
export const placeText = (text: string, { heard, language }: OwnVoice): Placement =>
  placeWords(
    splitWords(text, language).map((word) => ({ ...word, scene: 0 })),
    heard,
    language,
  );
