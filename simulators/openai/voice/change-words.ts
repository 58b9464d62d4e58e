import type { WordFault } from "../control.ts";

/** What a voice says that does not keep to its script. Works for every script, with and without spaces. */
export function changeWords(fault: WordFault, text: string): string {
  const parts = [...new Intl.Segmenter("und", { granularity: "word" }).segment(text)];
  const words = parts.filter(({ isWordLike }) => isWordLike);
  if (fault === "said_twice") return `${text} ${text}`;
  if (fault === "cut_short") {
    const last = words[Math.floor(words.length / 2)];
    return last && last.index > 0 ? text.slice(0, last.index).trim() : text;
  }
  const longest = words.toSorted((a, b) => b.segment.length - a.segment.length)[0];
  const other = words.find(({ segment }) => segment !== longest?.segment);
  if (!longest || !other) return `${text} ${text}`;
  return parts.map((part) => (part === longest ? other.segment : part.segment)).join("");
}
