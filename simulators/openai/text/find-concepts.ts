import { detectLanguage } from "./detect-language.ts";
import { isFalseFriend } from "./false-friends.ts";
import { lexicon } from "./lexicon.ts";
import { keepAffirmed } from "./negation.ts";

/** A word of a text that names a concept. */
export interface Mention {
  name: string;
  /** Where the word begins and ends in `bare(text)`. */
  at: number;
  end: number;
}

/** The concepts of a text, each once, in the order of the text. */
export const findConcepts = (text: string): string[] => [
  ...new Set(findMentions(text).map(({ name }) => name)),
];

/** Every word of a text that names a concept which the text does not deny, in the order of the text. */
export function findMentions(text: string): Mention[] {
  const low = bare(text);
  const found: Mention[] = [];
  const note = (names: readonly string[] | undefined, at: number, end: number) => {
    for (const name of names ?? [])
      if (!found.some((one) => one.name === name && one.at === at)) found.push({ name, at, end });
  };
  for (const match of low.matchAll(/[\p{L}\p{M}\p{N}'’-]+/gu)) {
    const [at, end] = [match.index, match.index + match[0].length];
    for (const word of stems(match[0])) {
      note(exact.get(word), at, end);
      for (let length = 2; length <= word.length; length++)
        note(beginnings.get(word.slice(0, length)), at, end);
    }
  }
  for (let at = 0; at < low.length; ) {
    const sign = longestSign(low, at);
    if (sign) note(signs.get(sign), at, at + sign.length);
    at += sign?.length || 1;
  }
  const language = detectLanguage(text);
  const meant = found
    .filter(isMeant(low))
    .filter(({ name, at, end }) => !isFalseFriend(name, low, at, end, language))
    .sort((a, b) => a.at - b.at);
  return keepAffirmed(low, meant, ({ name }) => actions.has(name));
}

/** The concepts of what is done, and not of what is there. */
export const actions: ReadonlySet<string> = new Set(
  "flying falling walking running kneeling sleeping climbing swimming dancing waiting sitting".split(" "),
);

/** "Man" and "woman" without an article are mankind. */
const isMeant =
  (low: string) =>
  ({ name, at, end }: Mention) =>
    !/^(?:man|woman)$/u.test(name) ||
    !/^(?:man|woman)(?:['’]s)?$/u.test(low.slice(at, end)) ||
    (/(?:\b(?:an?|the|this|that|my|your|his|her|our|their|old|young|little|tall|one)|\p{L}{3,})\s+$/u.test(
      low.slice(0, at),
    ) &&
      !/\b(?:is|of|that|past|but)\s+$/u.test(low.slice(0, at)));

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
export function bare(text: string): string {
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
