/** A dream that has more words than its film has time for. */
import type { FilmOptions } from "./film.ts";
import { limits } from "./limits.ts";
import { measureText } from "./measure-text.ts";
import { narratingSeconds, speechRate } from "./speech-rate.ts";
import { planStoryboard } from "./storyboard-plan.ts";

export interface Shortening {
  /** `characters` in scripts without spaces. */
  unit: "words" | "characters";
  /** How many the dream has. */
  has: number;
  /** About how many of them the film says. */
  fit: number;
}

/**
 * A dream is told a little shorter without a loss. From so many times the film's words on, parts are left
 * out.
 */
const noticedFrom = 1.5;

/**
 * How much of the dream the film has time for; null if it has time for all of it, or nearly all. It does not
 * hold for recordings that narrate: their length is the film's.
 */
export function findShortening(
  transcript: string,
  { length_seconds, language, speed }: Pick<FilmOptions, "length_seconds" | "language" | "speed">,
): Shortening | null {
  const { scenes, syllables } = planStoryboard(length_seconds, { transcript, language, speed });
  const hasSeconds = syllables / speechRate(transcript, language).syllablesPerSecond;
  const needsSeconds = narratingSeconds(transcript, language, scenes);
  if (needsSeconds <= noticedFrom * hasSeconds) return null;
  const { isSpaceless, words, characters } = measureText(transcript);
  const has = isSpaceless ? characters : words;
  return {
    unit: isSpaceless ? "characters" : "words",
    has,
    fit: roundDown((has * hasSeconds) / needsSeconds),
  };
}

/** Two digits: the narrator's pace is not known better. */
function roundDown(count: number): number {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, count))) - 1);
  return Math.floor(count / step) * step;
}

/** The same as a sentence, with what to do where a film may be longer. */
export function describeShortening({ unit, has, fit }: Shortening, lengthSeconds: number): string {
  const number = (count: number) => count.toLocaleString("en");
  const advice =
    lengthSeconds < limits.filmSeconds.max ? "Choose a longer film to keep more." : "No film is longer.";
  return (
    `The dream has ${number(has)} ${unit}, and a film of ${lengthSeconds} s has room for about ${number(fit)}: ` +
    `the rest is told shorter or left out. ${advice}`
  );
}
