/**
 * Where a line of text may end, by the Unicode line breaking algorithm with strict rules for Japanese
 * (kinsoku).
 */
import { LineBreaker } from "css-line-break";

/** Splits the text where a line may end. @source Unicode Standard Annex 14 */
export function splitAtBreaks(text: string): string[] {
  const breaker = LineBreaker(text, { lineBreak: "strict", wordBreak: "normal" });
  const parts: string[] = [];
  for (let next = breaker.next(); !next.done; next = breaker.next()) parts.push(next.value.slice());
  return parts;
}

/**
 * False if the text starts with a character that must not start a line: a closing mark, a small kana, a
 * lengthening mark.
 */
export function canBeginLine(text: string): boolean {
  const [first = ""] = text;
  let known = beginners.get(first);
  if (known === undefined) {
    known = splitAtBreaks(`字${first}`).length > 1;
    beginners.set(first, known);
  }
  return known;
}

const beginners = new Map<string, boolean>();
