import { countSyllables } from "../text/count-syllables.ts";
import { detectLanguage } from "../text/detect-language.ts";
import { findConcepts } from "../text/find-concepts.ts";
import {
  countCharacters,
  countWords,
  join,
  type Measure,
  splitClauses,
  splitSentences,
} from "../text/split-text.ts";
import { areWhole } from "../text/whole-clauses.ts";

export interface Budget {
  /** The unit of `size`: syllables, words, or characters for a script without spaces. */
  most: number;
  size: Measure;
  /** A smaller clause gets no scene of its own. */
  fewest: number;
}

/** A budget of `most` words. */
export const inWords = (most: number): Budget => ({ most, size: countWords, fewest: 4 });
/** A budget of `most` characters. */
export const inCharacters = (most: number): Budget => ({ most, size: countCharacters, fewest: 6 });

/** A budget of `most` syllables. */
export const inSyllables = (most: number): Budget => ({ most, size: countSyllables, fewest: 6 });

/**
 * Divides a text's own sentences and clauses, in order, into at most `scenes` narrations of about the
 * budget's total size. In a long text each scene keeps the passage with the most to show; a short text gives
 * fewer scenes.
 */
export function shareOut(text: string, scenes: number, budget: Budget): string[] {
  const groups = group(cutFineEnough(text, scenes, budget), scenes, budget.size);
  const whole = budget.size(text) <= budget.most * fullFrom;
  if (whole) return groups.map(tell);
  let told = 0;
  return groups
    .map((members, index) => {
      // What one scene leaves or takes too much, the scenes after it share.
      const share = Math.max(budget.fewest, (budget.most - told) / (groups.length - index));
      const parts = members.flatMap((piece) => clauses(piece, budget)).flatMap(shorten(share, budget));
      const narration = passage(parts, share, budget);
      told += budget.size(narration);
      return narration;
    })
    .filter(Boolean);
}

/**
 * The text of a scene, as whole sentences: one that begins or ends within a sentence gets a capital or a full
 * stop.
 */
function tell(members: readonly Piece[]): string {
  const text = members.map((piece) => piece.text).reduce(join);
  const told = members.at(-1)?.closes ? text : closed(text);
  return members[0]?.opens ? told : capital(told);
}

/** A clause that is longer than a scene's share, in two if it has a place to breathe. */
const shorten =
  (share: number, { size, fewest }: Budget) =>
  (part: Piece) =>
    size(part.text) > share * 1.1 ? (halve(part, Math.min(4, fewest), false) ?? [part]) : [part];

/** A text that is longer than the budget by less than this is told whole. */
const fullFrom = 1.12;

/** A part of a sentence, and its position in it. */
interface Piece {
  text: string;
  opens: boolean;
  closes: boolean;
}

/** Sentences if there are enough, else clauses, else phrases. */
function cutFineEnough(text: string, scenes: number, budget: Budget): Piece[] {
  const sentences = splitSentences(text).map((sentence) => ({ text: sentence, opens: true, closes: true }));
  if (sentences.length === 0) return [{ text: text.replace(/\s+/gu, " ").trim(), opens: true, closes: true }];
  if (sentences.length >= scenes) return sentences;
  const whole = sentences.flatMap((sentence) => clauses(sentence, budget));
  const pieces = cutLongest(whole, scenes, budget, false);
  return cutLongest(pieces, scenes * fewestOfScenes, budget, true);
}

/** "And put them there" is cut off only where the film had fewer than this share of its scenes. */
const fewestOfScenes = 0.8;

/** Cuts the longest piece that can be cut again and again, until there are `wanted` or none can be cut. */
function cutLongest(
  whole: Piece[],
  wanted: number,
  { size, fewest }: Budget,
  sharesSubject: boolean,
): Piece[] {
  const waiting = [...whole];
  const uncut = new Set<Piece>();
  while (waiting.length < wanted) {
    const left = waiting.filter((piece) => !uncut.has(piece));
    if (left.length === 0) break;
    const longest = left.reduce((a, b) => (size(b.text) > size(a.text) ? b : a));
    const halves = halve(longest, fewest, sharesSubject);
    if (halves) waiting.splice(waiting.indexOf(longest), 1, ...halves);
    else uncut.add(longest);
  }
  return waiting;
}

function clauses(piece: Piece, { fewest, size }: Budget): Piece[] {
  const parts = splitClauses(piece.text, fewest, size);
  return parts.map((text, i) => ({
    text,
    opens: piece.opens && i === 0,
    closes: piece.closes && i === parts.length - 1,
  }));
}

/** Words that join two clauses, each of which can be a sentence. */
const breath = /^(?:and|but|or|und|aber|oder|et|mais|y|pero|e|ma|mas|и|но|και|و|और)$/iu;

/**
 * Two clauses of sufficient length, cut before a small word near the middle; each can be told alone.
 * `sharesSubject`: the second may have the subject of the first.
 */
function halve(
  { text, opens, closes }: Piece,
  fewest: number,
  sharesSubject: boolean,
): [Piece, Piece] | null {
  const words = text.split(" ");
  const language = detectLanguage(text);
  const fromMiddle = (i: number) => Math.abs(i - words.length / 2);
  const cut = [...words.keys()]
    .filter((i) => i >= fewest && i <= words.length - fewest && breath.test(words[i] as string))
    .toSorted((a, b) => fromMiddle(a) - fromMiddle(b))
    .find((i) => areWhole(words.slice(0, i).join(" "), words.slice(i).join(" "), language, sharesSubject));
  if (cut === undefined) return null;
  return [
    { text: words.slice(0, cut).join(" "), opens, closes: false },
    { text: words.slice(cut).join(" "), opens: false, closes },
  ];
}

/** Consecutive groups of nearly equal size, none empty. */
function group(pieces: Piece[], scenes: number, size: Measure): Piece[][] {
  const count = Math.min(scenes, pieces.length);
  const sizes = pieces.map((piece) => size(piece.text));
  const total = Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  const groups: Piece[][] = Array.from({ length: count }, () => []);
  let spoken = 0;
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const own = sizes[i] ?? 0;
    const wanted = Math.min(count - 1, Math.floor(((spoken + own / 2) / total) * count));
    const next = Math.min(wanted, at + ((groups[at]?.length ?? 0) > 0 ? 1 : 0));
    at = Math.max(at, next, count - (pieces.length - i));
    groups[at]?.push(piece);
    spoken += own;
  }
  return groups;
}

/**
 * The run of clauses with the most to show within its share of words. Prefers whole sentences, and a full
 * share.
 */
function passage(parts: Piece[], share: number, { size, fewest }: Budget): string {
  const sizes = parts.map((part) => size(part.text));
  const worth = parts.map((part) => 1 + 2 * findConcepts(part.text).length);
  let best = { score: Number.NEGATIVE_INFINITY, from: 0, to: 1 };
  for (let from = 0; from < parts.length; from++) {
    let length = 0;
    let value = 0;
    for (let to = from + 1; to <= parts.length; to++) {
      length += sizes[to - 1] ?? 0;
      value += worth[to - 1] ?? 0;
      if (to > from + 1 && length > share * 1.15) break;
      const whole = (parts[from]?.opens ? 3 : 0) + (parts[to - 1]?.closes ? 2 : 0);
      const score = value + whole - (2 * Math.abs(share - length)) / fewest;
      if (score > best.score) best = { score, from, to };
    }
  }
  const kept = parts.slice(best.from, best.to);
  const text = kept.map((part) => part.text).reduce(join);
  const short = size(text) > share * 2.2 ? firstWords(text, share * 1.4, size) : text;
  return capital(short === text && kept.at(-1)?.closes ? text : closed(short));
}

/** Only for text with hardly any punctuation: cut where the share ends. */
function firstWords(text: string, most: number, size: Measure): string {
  let kept = "";
  for (const { segment } of new Intl.Segmenter("und", { granularity: "word" }).segment(text)) {
    if (kept !== "" && size(kept + segment) > most) break;
    kept += segment;
  }
  return kept.trim();
}

const dangling =
  /(?:[\s,;:،؛、，；：—–]+(?:and|but|or|then|und|aber|et|mais|puis|y|pero|e|ma|mas|и|но))*[\s,;:،؛、，；：—–]+$/iu;

/** Ends a cut sentence with its script's full stop. */
function closed(text: string): string {
  const bare = text.replace(dangling, "");
  if (/[.!?…؟۔।॥。！？｡]["'”’»」』)]*$/u.test(bare)) return bare;
  if (/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]$/u.test(bare)) return `${bare}。`;
  return `${bare}${/\p{sc=Devanagari}$/u.test(bare) ? "।" : "."}`;
}

/** Capitalises a passage that began within a sentence. */
const capital = (text: string) => text.replace(/^["'“‘«(]*\p{Ll}/u, (start) => start.toUpperCase());
