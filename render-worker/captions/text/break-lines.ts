/** Where a line of text may end, by the Unicode line breaking algorithm with strict rules for Japanese (kinsoku). */
import { LineBreaker } from "css-line-break";

/** The text in the parts between which a line may end. @source Unicode Standard Annex 14 */
export function splitAtBreaks(text: string): string[] {
  const breaker = LineBreaker(text, { lineBreak: "strict", wordBreak: "normal" });
  const parts: string[] = [];
  for (let next = breaker.next(); !next.done; next = breaker.next()) parts.push(next.value.slice());
  return parts;
}

/** False for text that begins with what no line may begin with: a closing mark, a small kana, a lengthening mark. */
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
