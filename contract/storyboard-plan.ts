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
