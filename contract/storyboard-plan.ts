import { countPassages } from "./count-passages.ts";
import { endSeconds, leadInSeconds, pauseSeconds } from "./film.ts";
import { speakingSeconds, speechRate } from "./speech-rate.ts";
import { hasVisibleText } from "./visible-text.ts";

/** How many scenes and how much text fit a film of the requested length. */
export interface StoryboardPlan {
  scenes: number;
  /** Spoken syllables of the whole film. */
  syllables: number;
  /** Spoken words of the whole film, for scripts that write spaces. */
  words: number;
  /** The same amount in characters, for scripts without spaces: Chinese, Japanese, Thai. */
  characters: number;
}

/** Scenes under four seconds look like a slide show; scenes over eight are slow. */
const sceneSeconds = 5.5;

/** The usual time without words in a film of so many scenes, in seconds. */
export const silentSeconds = (scenes: number) => leadInSeconds + (scenes - 1) * pauseSeconds + endSeconds;

/** What the narration is made from: its words have the length of the transcript's words. */
export interface Source {
  transcript: string;
  /** The narration's language tag, or "auto" for the transcript's own. */
  language: string;
  /** The narrator's pace, as a factor on the usual one. */
  speed?: number;
}
export const unknownSource: Source = { transcript: "", language: "en" };

/** A narration may linger on a short dream's images, but is no more than so many times as long. */
const mostLingering = 1.5;
const shortestSpokenSeconds = 3;

/**
 * The plan for a film of this length, by the syllables that a voice says in its language. A dream with too
 * few words gets no more scenes than it has passages, and not many more words than its own.
 */
export function planStoryboard(lengthSeconds: number, source: Source = unknownSource): StoryboardPlan {
  const byLength = Math.max(2, Math.round(lengthSeconds / sceneSeconds));
  const isKnown = hasVisibleText(source.transcript);
  const scenes = isKnown ? Math.min(byLength, countPassages(source.transcript)) : byLength;
  const most = isKnown
    ? Math.max(shortestSpokenSeconds, mostLingering * speakingSeconds(source.transcript, "auto"))
    : Number.POSITIVE_INFINITY;
  const spokenSeconds = Math.min(most, (lengthSeconds - silentSeconds(scenes)) * (source.speed ?? 1));
  const rate = speechRate(source.transcript, source.language);
  return {
    scenes,
    syllables: Math.round(spokenSeconds * rate.syllablesPerSecond),
    words: Math.round(spokenSeconds * rate.wordsPerSecond),
    characters: Math.round(spokenSeconds * rate.charactersPerSecond),
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
export function storyboardBounds(lengthSeconds: number, source: Source = unknownSource): StoryboardBounds {
  const { scenes, syllables, words, characters } = planStoryboard(lengthSeconds, source);
  return {
    scenes,
    syllables,
    words: Math.ceil(words * narrationSlack) + sentenceEnd.words,
    characters: Math.ceil(characters * narrationSlack) + sentenceEnd.characters,
    narrationChars: Math.ceil(lengthSeconds * lettersPerSecond * Math.max(1, source.speed ?? 1)),
    pictureBytes,
  };
}
