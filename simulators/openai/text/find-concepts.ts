import { lexicon } from "./lexicon.ts";

/** The concepts of a text, each once, in the order of the text. */
export function findConcepts(text: string): string[] {
  const low = bare(text);
  const found = new Map<string, number>();
  const note = (names: readonly string[] | undefined, at: number) => {
    for (const name of names ?? []) found.set(name, Math.min(found.get(name) ?? at, at));
  };
  for (const match of low.matchAll(/[\p{L}\p{M}\p{N}'’-]+/gu)) {
    for (const word of stems(match[0])) {
      note(exact.get(word), match.index);
      for (let length = 2; length <= word.length; length++)
        note(beginnings.get(word.slice(0, length)), match.index);
    }
  }
  for (let at = 0; at < low.length; ) {
    const sign = longestSign(low, at);
    if (sign) note(signs.get(sign), at);
    at += sign?.length || 1;
  }
  return [...found].sort((a, b) => a[1] - b[1]).map(([name]) => name);
}

const exact = new Map<string, string[]>();
const beginnings = new Map<string, string[]>();
const signs = new Map<string, string[]>();

/** Scripts without spaces between words, or whose words carry their particles at the end. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

for (const { name, words } of lexicon) {
  for (const word of bare(words).split(" ")) {
    if (unspaced.test(word)) add(signs, word, name);
    else if (word.endsWith("*")) add(beginnings, word.slice(0, -1), name);
    else add(exact, word, name);
  }
}
const longest = Math.max(...[...signs.keys()].map((sign) => sign.length));

function add(index: Map<string, string[]>, word: string, name: string): void {
  index.set(word, [...(index.get(word) ?? []), name]);
}

/** Small letters, without Arabic's and Hebrew's vowel points. */
function bare(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFC")
    .replace(/[\u0591-\u05c7\u064b-\u0652\u0640]/gu, "");
}

/** The word, and for scripts that attach "and", "the" and "in" to words, also the word without them. */
function stems(written: string): string[] {
  const word = written.replace(/['’]s?$/u, "");
  if (/\p{sc=Arabic}/u.test(word)) {
    const inner = word.replace(/^[وف]?(?:[بكل]?ال|لل|[بكل](?=.{3}))?/u, "");
    return [...new Set([word, inner].flatMap((one) => [one, one.replace(/ا$/u, "")]))];
  }
  if (/\p{sc=Hebrew}/u.test(word)) return [...new Set([word, word.replace(/^ו?[בהלמשכ]?(?=.{2})/u, "")])];
  return [word];
}

/**
 * 城市 is a city and not a castle: the longest match at a position counts, and its characters are not matched
 * again.
 */
function longestSign(text: string, at: number): string | null {
  for (let length = Math.min(longest, text.length - at); length > 0; length--) {
    const sign = text.slice(at, at + length);
    if (signs.has(sign)) return sign;
  }
  return null;
}
