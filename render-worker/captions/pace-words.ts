import { measureText } from "../../contract/measure-text.ts";
import { speakingSeconds } from "../../contract/speech-rate.ts";
import { splitWords } from "./text/split-words.ts";
import type { TimedWord } from "./timed-word.ts";

/**
 * The most letters a second that captions are read at with time left for the picture.
 *
 * @source BBC Subtitle Guidelines: 160 to 180 words a minute; Netflix Timed Text: at most 17 to 20 for adults
 */
const lettersPerSecond = 14;
const shortestSeconds = 1.5;

/**
 * The words of a scene without a voice, one after the other at a calm reader's pace. It is the pace of the
 * storyboard's plan, so a silent film is as long as a spoken one.
 */
export function paceWords(narration: string, language: string, speed = 1): TimedWord[] {
  const words = splitWords(narration, language);
  const { characters, isSpaceless } = measureText(narration);
  const spoken = speakingSeconds(narration, language);
  const seconds = isSpaceless ? spoken : Math.max(spoken, characters / lettersPerSecond);
  const letters = words.map(({ text }) => [...text].length + 1);
  const perLetter =
    Math.max(shortestSeconds, seconds / speed) / letters.reduce((sum, count) => sum + count, 0);
  let at = 0;
  return words.map((word, i) => {
    const startSeconds = at;
    at += (letters[i] as number) * perLetter;
    return { ...word, startSeconds, endSeconds: at };
  });
}
