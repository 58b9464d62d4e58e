import type { TimedWord } from "../timed-word.ts";
import { measureRuns, type WidthOf } from "./run-widths.ts";

export interface GroupLimits {
  /** Words with spaces between them; a script without spaces is limited by width alone. */
  maxWords: number;
  /** The width of a line, and the lines of a group. */
  width: number;
  maxLines: 1 | 2;
  /** The preferred width of a whole group. */
  ideal: number;
  measure: (text: string) => number;
}

/**
 * Groups consecutive words that are shown together, never across the end of a sentence. Of all ways it takes
 * the one whose groups have about the preferred width and end where a speaker would pause, not after "the". A
 * word that is too wide is a group of its own.
 */
export function groupWords(words: readonly TimedWord[], limits: GroupLimits): TimedWord[][] {
  const widthOf = measureRuns(words, limits.measure);
  // best[i]: the cheapest way to group the first i words.
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= words.length; end++) {
    let cheapest = { cost: Number.POSITIVE_INFINITY, from: end - 1 };
    const breakCost = costOfBreak(words[end - 1] as TimedWord, words[end]);
    let separate = 0;
    for (let from = end - 1; from >= 0; from--) {
      if (from === end - 1 || !words[from]?.joinsNext) separate++;
      if (from < end - 1) {
        if (separate > limits.maxWords || !fitsOnLines(from, end, widthOf, limits)) break;
        if (endsSentence(words[from]?.text ?? "", words[from + 1]?.text)) break;
      }
      const seconds =
        (words[end]?.startSeconds ?? Number.POSITIVE_INFINITY) - (words[from]?.startSeconds ?? 0);
      const short = Math.max(0, 1 - widthOf(from, end) / limits.ideal);
      const flicker = 2 * Math.max(0, readableSeconds - seconds);
      const cost = (best[from]?.cost ?? 0) + costOfGroup + short ** 2 + flicker + breakCost;
      if (cost < cheapest.cost) cheapest = { cost, from };
    }
    best.push(cheapest);
  }
  return cutAt(words, best);
}

const costOfGroup = 0.15;
/** A group that is shown for less time flickers. */
const readableSeconds = 0.45;

function fitsOnLines(from: number, end: number, widthOf: WidthOf, { width, maxLines }: GroupLimits): boolean {
  if (widthOf(from, end) <= width) return true;
  if (maxLines === 1) return false;
  let middle = from + 1;
  while (middle < end && widthOf(from, middle + 1) <= width) middle++;
  return widthOf(from, middle) <= width && widthOf(middle, end) <= width;
}

function cutAt(words: readonly TimedWord[], best: readonly { from: number }[]): TimedWord[][] {
  const groups: TimedWord[][] = [];
  for (let end = words.length; end > 0; ) {
    const from = best[end]?.from ?? 0;
    groups.push(words.slice(from, end));
    end = from;
  }
  return groups.reverse();
}

function costOfBreak(word: TimedWord, next: TimedWord | undefined): number {
  if (!next || endsSentence(word.text, next.text)) return 0;
  if (/\p{P}$/u.test(word.text) || next.startSeconds - word.endSeconds > 0.25) return 0.05;
  return 0.3 + (/^\p{L}{1,3}$/u.test(word.text) && !word.joinsNext ? 0.25 : 0);
}

/**
 * True for a word that ends a sentence in any script: it has a final mark, is no abbreviation, and the next
 * word does not continue the sentence.
 */
export function endsSentence(text: string, next = ""): boolean {
  if (!/[.!?…。！？｡؟۔।॥።։។][\p{Pe}\p{Pf}\p{Po}"'«\s]*$/u.test(text)) return false;
  if (/[!?。！？｡؟۔।॥።។]/u.test(text)) return true;
  return !(/^\P{L}*\p{Ll}/u.test(next) || abbreviation.test(text));
}

const abbreviation =
  /^\P{L}*(?:\p{Lu}|(?:mrs?|ms|dr|prof|st|sr|sra|mme|hr|fr|no|nr|vs|etc|jr)|(?:\p{L}\.)+\p{L})\.$/iu;
