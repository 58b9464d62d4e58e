import { leadInSeconds, tailSeconds } from "./film.ts";

/** How many scenes and how much text fit a film of the requested length. */
export interface StoryboardPlan {
  scenes: number;
  /** Spoken words of the whole film, for scripts that write spaces. */
  words: number;
  /** The same amount in characters, for scripts without spaces: Chinese, Japanese, Thai. */
  characters: number;
}

/** Scenes under four seconds look like a slide show; scenes over eight are slow. */
const sceneSeconds = 5.5;
/** The pace of narration, measured on the speech models' calm voices. */
export const wordsPerSecond = 2.4;
export const charactersPerSecond = 4.2;
/** Half a step of the 16-frame grid: rounding a scene's length up adds this much on average. */
export const gridLossSeconds = 16 / 30 / 2;

/** The plan for a film of this length. */
export function planStoryboard(lengthSeconds: number): StoryboardPlan {
  const scenes = Math.max(2, Math.round(lengthSeconds / sceneSeconds));
  const spokenSeconds = lengthSeconds - scenes * (leadInSeconds + tailSeconds + gridLossSeconds);
  return {
    scenes,
    words: Math.round(spokenSeconds * wordsPerSecond),
    characters: Math.round(spokenSeconds * charactersPerSecond),
  };
}

/** The most that a storyboard may have. The estimate's upper bound covers as much. */
export interface StoryboardBounds extends StoryboardPlan {
  /** Code points of all narrations, in any script. */
  narrationChars: number;
  /** UTF-8 bytes of one picture's description, without its style. */
  pictureBytes: number;
}

/**
 * How much longer than planned a narration may be before it is cut: a quarter, so that a sentence can end.
 */
const narrationSlack = 1.25;
const sentenceEnd = { words: 3, characters: 5 };
/** Above what any language needs for the planned words. */
const lettersPerSecond = 20;
const pictureBytes = 1_300;

/** The bounds of a storyboard for a film of this length. The worker cuts what exceeds them. */
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
