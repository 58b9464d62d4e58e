const spaceless = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]/gu;

export interface TextSize {
  /** Code points without white space. */
  characters: number;
  /** Runs of text between white space. */
  words: number;
  /** True if most of the text is in a script without spaces, so that `characters` measures its length. */
  isSpaceless: boolean;
}

/** The text's size in characters and words, and which of the two measures its length. */
export function measureText(text: string): TextSize {
  const characters = [...text.replace(/\s+/gu, "")].length;
  return {
    characters,
    words: countWords(text),
    isSpaceless: (text.match(spaceless)?.length ?? 0) > characters / 2,
  };
}

/** The number of runs of text between white space. */
export const countWords = (text: string) => text.match(/\S+/gu)?.length ?? 0;
