import { countWords, join, splitClauses, splitSentences } from "../text/split-text.ts";

/**
 * A text's own sentences and clauses as at most `scenes` narrations of about `words` words in all, in order.
 * Too long a text is thinned evenly by whole sentences and clauses; too short a one gives fewer or shorter scenes.
 */
export function shareOut(text: string, scenes: number, words: number): string[] {
  const groups = group(cutFineEnough(text, scenes), scenes);
  const share = words / Math.max(1, groups.length);
  return groups.map((pieces) => condense(pieces, share)).filter(Boolean);
}

/** Sentences where there are enough of them to go round, else clauses, else phrases. */
function cutFineEnough(text: string, scenes: number): string[] {
  const sentences = splitSentences(text);
  if (sentences.length === 0) return [text.replace(/\s+/gu, " ").trim()];
  let pieces = sentences;
  for (const fewest of [5, 3]) {
    if (pieces.length >= scenes) break;
    pieces = sentences.flatMap((sentence) => splitClauses(sentence, fewest));
  }
  while (pieces.length < scenes) {
    const longest = pieces.reduce(
      (best, piece, at) => (countWords(piece) > countWords(pieces[best] ?? "") ? at : best),
      0,
    );
    const halves = halve(pieces[longest] ?? "");
    if (!halves) break;
    pieces = pieces.toSpliced(longest, 1, ...halves);
  }
  return pieces;
}

const breath =
  /^(?:and|but|or|over|under|with|into|onto|through|when|while|where|that|which|until|because|from|beside|und|aber|mit|über|durch|als|et|mais|avec|dans|y|pero|con|en|e|ma|mas|com|и|но|с|в|και|με|و|और)$/iu;

/** Two phrases of at least four words each, cut before a small word near the middle. */
function halve(piece: string): [string, string] | null {
  const words = piece.split(" ");
  const middle = words.length / 2;
  let cut = -1;
  for (let i = 4; i <= words.length - 4; i++) {
    if (breath.test(words[i] ?? "") && Math.abs(i - middle) < Math.abs(cut - middle)) cut = i;
  }
  return cut < 0 ? null : [words.slice(0, cut).join(" "), words.slice(cut).join(" ")];
}

/** Consecutive groups of nearly equal word counts, none empty. */
function group(pieces: string[], scenes: number): string[][] {
  const count = Math.min(scenes, pieces.length);
  const sizes = pieces.map(countWords);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const groups: string[][] = Array.from({ length: count }, () => []);
  let spoken = 0;
  let at = 0;
  for (const [i, piece] of pieces.entries()) {
    const middle = spoken + (sizes[i] ?? 0) / 2;
    const wanted = Math.min(count - 1, Math.floor((middle / Math.max(1, total)) * count));
    const latest = Math.min(wanted, at + ((groups[at]?.length ?? 0) > 0 ? 1 : 0));
    const earliest = count - (pieces.length - i);
    at = Math.max(latest, earliest, at);
    groups[at]?.push(piece);
    spoken += sizes[i] ?? 0;
  }
  return groups;
}

/** As many whole sentences, evenly picked, as the share allows; if one alone is too much, its first clauses. */
function condense(pieces: string[], share: number): string {
  const total = pieces.reduce((sum, piece) => sum + countWords(piece), 0);
  if (total <= share * 1.15) return pieces.reduce(join);
  const mean = total / pieces.length;
  const keep = Math.max(1, Math.min(pieces.length, Math.floor(share / mean + 0.35)));
  const step = pieces.length / keep;
  const kept = Array.from({ length: keep }, (_, i) => pieces[Math.floor(i * step)] ?? "");
  const text = kept.reduce(join);
  return countWords(text) <= share * 1.3 ? text : firstClauses(text, share);
}

function firstClauses(text: string, share: number): string {
  const [first = text, ...more] = splitSentences(text).flatMap((sentence) => splitClauses(sentence, 3));
  let told = first;
  for (const clause of more) {
    if (countWords(told) + countWords(clause) > share * 1.15) break;
    told = join(told, clause);
  }
  return closed(countWords(told) > share * 1.6 ? firstWords(told, Math.round(share)) : told);
}

/** Only for text without any mark at all: cut where the share ends. */
function firstWords(text: string, count: number): string {
  const segments = [...new Intl.Segmenter("und", { granularity: "word" }).segment(text)];
  let words = 0;
  const end = segments.findIndex(({ isWordLike }) => isWordLike && ++words > Math.max(3, count));
  return segments
    .slice(0, end < 0 ? undefined : end)
    .map(({ segment }) => segment)
    .join("")
    .trim();
}

/** Ends a cut sentence with its script's full stop. */
function closed(text: string): string {
  const stop = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text)
    ? "。"
    : /\p{sc=Devanagari}/u.test(text)
      ? "।"
      : ".";
  return text.replace(/[\s,;:،؛、，；：—–]+$/u, "").replace(/(?<![.!?…؟۔।॥。！？｡]["'”’»」』]*)$/u, stop);
}
