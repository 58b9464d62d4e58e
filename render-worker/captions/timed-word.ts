/**
 * One word of the narration and the time it is spoken, in seconds from the start of the narration's sound.
 */
export interface TimedWord {
  /** As written, with the punctuation that touches it. */
  text: string;
  startSeconds: number;
  endSeconds: number;
  /** True if no space stands between this word and the next, as in Chinese, Japanese and Thai. */
  joinsNext?: boolean;
}

/** The words as one text, with the spaces between them as written. */
export function joinWords(words: readonly Pick<TimedWord, "text" | "joinsNext">[]): string {
  return words
    .map((word, i) => (word.joinsNext || i === words.length - 1 ? word.text : `${word.text} `))
    .join("");
}
