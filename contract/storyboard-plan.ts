import { leadInSeconds, tailSeconds } from "./film.ts";

/** How many scenes and how much text fit a film of the asked length. */
export interface StoryboardPlan {
  scenes: number;
  /** Spoken words over the whole film, for languages that write with spaces. */
  words: number;
  /** The same budget for scripts that do not: Chinese, Japanese, Thai. */
  characters: number;
}

/** A scene shorter than four seconds reads as a slide show, one longer than eight drags. */
const sceneSeconds = 5.5;
/** Narration pace, measured over the speech models' calm voices. */
export const wordsPerSecond = 2.4;
export const charactersPerSecond = 4.2;
/** Half of the 16-frame grid: what rounding a scene's length up costs on average. */
export const gridLossSeconds = 16 / 30 / 2;

export function planStoryboard(lengthSeconds: number): StoryboardPlan {
  const scenes = Math.max(2, Math.round(lengthSeconds / sceneSeconds));
  const spokenSeconds = lengthSeconds - scenes * (leadInSeconds + tailSeconds + gridLossSeconds);
  return {
    scenes,
    words: Math.round(spokenSeconds * wordsPerSecond),
    characters: Math.round(spokenSeconds * charactersPerSecond),
  };
}

/** What a storyboard has at most; what the estimate says a film may cost covers as much. */
export interface StoryboardBounds extends StoryboardPlan {
  /** Code points of all narrations, in any script. */
  narrationChars: number;
  /** UTF-8 bytes of what one picture shows, without its style. */
  pictureBytes: number;
}

/** How much longer than planned a narration may be before it is cut: by a quarter, and the end of a sentence. */
const narrationSlack = 1.25;
const sentenceEnd = { words: 3, characters: 5 };
/** Above the letters that any language needs for the planned words. */
const lettersPerSecond = 20;
const pictureBytes = 1_300;

export function storyboardBounds(lengthSeconds: number): StoryboardBounds {
  const { scenes, words, characters } = planStoryboard(lengthSeconds);
  return {
    scenes,
    words: Math.ceil(words * narrationSlack) + sentenceEnd.words,
    characters: Math.ceil(characters * narrationSlack) + sentenceEnd.characters,
    narrationChars: lengthSeconds * lettersPerSecond,
    pictureBytes,
  };
}
