import { spellWord } from "./align/spell-word.ts";
import { splitWords } from "./text/split-words.ts";

/** The length of one sound (a vowel or a consonant) and of a sentence's pause in a calm voice. */
const secondsPerSound = 0.075;
const secondsPerPause = 0.3;

/** How long a calm voice takes to say the text, by the sounds that its spelling stands for. */
export function expectSeconds(text: string, language: string): number {
  const sounds = splitWords(text, language).reduce(
    (sum, word) => sum + spellWord(word.text, language).length,
    0,
  );
  const pauses = text.match(/[.!?…,;:。！？、，]+/gu)?.length ?? 0;
  return sounds * secondsPerSound + pauses * secondsPerPause;
}
