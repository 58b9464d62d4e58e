import { countWords, measureText } from "./measure-text.ts";

const breaks = /[.!?…,;:—。！？、，；：؟،।]+/u;
/** A passage with fewer words is no scene of its own. */
const passage = { words: 4, characters: 6 };
const wordsOfAScene = 7.5;

/** How many scenes a text has words for: its clauses, or as many as its length makes; at least one. */
export function countPassages(text: string): number {
  const { isSpaceless, words } = measureText(text);
  const clauses = text
    .split(breaks)
    .filter((clause) =>
      isSpaceless ? [...clause.trim()].length >= passage.characters : countWords(clause) >= passage.words,
    );
  const byLength = isSpaceless ? 0 : Math.floor(words / wordsOfAScene);
  return Math.max(1, clauses.length, byLength);
}
