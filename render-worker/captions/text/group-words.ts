import { joinWords, type TimedWord } from "../timed-word.ts";

export interface GroupLimits {
  /** True if the words fit on the screen together. A single word always stands. */
  fits: (words: readonly TimedWord[]) => boolean;
  /** Words with spaces between them; words of a spaceless script are bounded by `fits` alone. */
  maxWords: number;
  /** Length to aim for, by `measure`. */
  ideal: number;
  measure: (text: string) => number;
}

/**
 * Consecutive words that are shown together, never across the end of a sentence. Among all ways it takes the one with
 * groups of about the ideal length that end where a speaker would pause, not after "the".
 */
export function groupWords(words: readonly TimedWord[], limits: GroupLimits): TimedWord[][] {
  // best[i]: cheapest way to group the first i words.
  const best: { cost: number; from: number }[] = [{ cost: 0, from: 0 }];
  for (let end = 1; end <= words.length; end++) {
    let cheapest = { cost: Number.POSITIVE_INFINITY, from: end - 1 };
    for (let from = end - 1; from >= 0; from--) {
      const group = words.slice(from, end);
      if (from < end - 1 && !mayStandTogether(group, limits)) break;
      const cost = (best[from]?.cost ?? 0) + costOf(group, words[end], limits);
      if (cost < cheapest.cost) cheapest = { cost, from };
    }
    best.push(cheapest);
  }
  const groups: TimedWord[][] = [];
  for (let end = words.length; end > 0; ) {
    const from = best[end]?.from ?? 0;
    groups.unshift(words.slice(from, end));
    end = from;
  }
  return groups;
}

function mayStandTogether(group: readonly TimedWord[], { maxWords, fits }: GroupLimits): boolean {
  const separate = group.filter((word, i) => i === group.length - 1 || !word.joinsNext).length;
  const crosses = group.some(
    (word, i) => i < group.length - 1 && endsSentence(word.text, group[i + 1]?.text),
  );
  return separate <= maxWords && !crosses && fits(group);
}

/** What is gone sooner flickers. */
const readableSeconds = 0.45;

function costOf(
  group: readonly TimedWord[],
  next: TimedWord | undefined,
  { ideal, measure }: GroupLimits,
): number {
  const last = group.at(-1) as TimedWord;
  const short = Math.max(0, 1 - measure(joinWords(group)) / ideal);
  const seconds = (next?.startSeconds ?? Number.POSITIVE_INFINITY) - (group[0] as TimedWord).startSeconds;
  return 0.15 + short ** 2 + 2 * Math.max(0, readableSeconds - seconds) + costOfBreak(last, next);
}

function costOfBreak(word: TimedWord, next: TimedWord | undefined): number {
  if (!next || endsSentence(word.text, next.text)) return 0;
  if (/[\p{P}\u00a0]$/u.test(word.text) || next.startSeconds - word.endSeconds > 0.25) return 0.05;
  return 0.3 + (/^\p{L}{1,3}$/u.test(word.text) && !word.joinsNext ? 0.25 : 0);
}

/** True for a word with a sentence's last mark in any script, unless it is an abbreviation or the sentence goes on. */
export function endsSentence(text: string, next = ""): boolean {
  if (!/[.!?…。！？｡؟۔।॥։።។][\p{Pe}\p{Pf}\p{Po}"'\u00a0]*$/u.test(text)) return false;
  if (/[!?。！？｡؟۔।॥።។]/u.test(text)) return true;
  return !(/^\P{L}*\p{Ll}/u.test(next) || abbreviation.test(text));
}

const abbreviation =
  /^\P{L}*(?:\p{Lu}|(?:mrs?|ms|dr|prof|st|sr|sra|mme|hr|fr|no|nr|vs|etc|jr)|(?:\p{L}\.)+\p{L})\.$/iu;
