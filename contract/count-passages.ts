import { measureText } from "./measure-text.ts";
import { countSyllables } from "./speech-rate.ts";

const breaks = /[.!?…,;:—。！？、，；：؟،।]+/u;
const sentenceEnd = /[.!?…。！？؟।]+/u;
/** A passage with fewer is no scene of its own. */
const leastSyllables = 6;
/** In a text with few marks. With fewer words a scene is shorter than four seconds. */
const wordsOfAScene = 10;

/** A clause that begins so belongs to the one before: "die kein Ende hatte", "which was made of paper". */
const dependent =
  /^\s*(?:(?:that|which|who|whose|dass|ob|weil|deren|dessen|qui|que|che|который|которая)(?!\p{L})|(?:der|die|das|den|dem)\s+\p{Ll})/u;

/** The text's sentences, and its clauses: each has enough to be a scene, or belongs to the one before. */
export function splitPassages(text: string): { sentences: string[]; clauses: string[] } {
  const parts = (marks: RegExp) => text.split(marks).filter((part) => /\p{L}/u.test(part));
  const clauses: string[] = [];
  for (const part of parts(breaks)) {
    const isOwn = countSyllables(part) >= leastSyllables && !dependent.test(part);
    if (isOwn || clauses.length === 0) clauses.push(part);
    else clauses.push(`${clauses.pop()}, ${part}`);
  }
  return { sentences: parts(sentenceEnd), clauses };
}

/** How many scenes a text has words for: its clauses, or as many as its length makes; at least one. */
export function countPassages(text: string): number {
  const { isSpaceless, words } = measureText(text);
  const clauses = text
    .split(breaks)
    .filter((clause) => countSyllables(clause) >= leastSyllables && !dependent.test(clause));
  const byLength = isSpaceless ? 0 : Math.floor(words / wordsOfAScene);
  return Math.max(1, clauses.length, byLength);
}
