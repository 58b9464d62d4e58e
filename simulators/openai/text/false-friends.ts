import { stopWords } from "./stop-words.ts";

/**
 * English words that a word of another language in the lexicon spells alike or begins like, by the concept.
 */
const friends: Record<string, RegExp> = {
  bear: /^ours$/,
  bed: /^lit$/,
  bread: /^(?:pain|pan)$/,
  cat: /^chats?$/,
  child: /^kind$/,
  climbing: /^(?:mont|sub|sali|trep)/,
  day: /^tags?$/,
  deer: /^stages?$/,
  dusk: /^(?:sera|tarde)$/,
  falling: /^(?:cad|cae|chut|tomb)/,
  flying: /^(?:plan|vole)/,
  fool: /^narrat/,
  gun: /^fusil/,
  hand: /^main$/,
  kneeling: /^(?:bete|moli|preg|prie|rez)/,
  love: /^(?:aim|bes)/,
  room: /^cameras?$/,
  running: /^fug/,
  sea: /^mar$/,
  stairs: /^scales?$/,
  street: /^(?:call|via)/,
  terror: /^ombre/,
  tower: /^tours?$/,
  water: /^(?:see|watermelons?)$/,
};

/** German words that an English word of the lexicon spells alike: ein Boot, ein Hut, ein Rock. */
const german: Record<string, RegExp> = {
  shoe: /^boots?$/,
  house: /^hut$/,
  stone: /^rocks?$/,
  mouse: /^rats?$/,
};

/** "The sun rose" names no flower: a flower has an article or an adjective. */
const isRisen = (low: string, at: number, end: number) =>
  low.slice(at, end) === "rose" &&
  !/\b(?:a|an|the|my|her|his|one|red|white|yellow|black|blue|golden)\s+$/.test(low.slice(0, at));

/**
 * Whether an "orange" is the fruit: it has an article or a number, and no noun follows that could have the
 * colour.
 */
export function isFruit(low: string, at: number, end: number): boolean {
  const word = low.slice(at, end);
  if (!/^(?:oranges?|orangen|naranjas?|laranjas?)$/u.test(word)) return false;
  if (word === "oranges" || word === "orangen") return true;
  const isNamed = /(?<!\p{L})(?:an|one|the|my|eine|einer|die|une|una|uma)\s+(?:\p{L}+\s+)?$/u.test(
    low.slice(0, at),
  );
  const next = /^\s+([\p{L}]+)/u.exec(low.slice(end))?.[1];
  return (
    isNamed && (next === undefined || stopWords.has(next) || /(?:ed|te|ten)$/u.test(next) || told.test(next))
  );
}
const told =
  /^(?:fruit|lay|fell|rose|rolled|hung|grew|stood|sang|spoke|came|flew|lies|hangs|lag|fiel|hing|stand|flog|kam|sang|sprach|rollt|liegt)$/u;

/**
 * Whether the word from `at` to `end` of a text in this language is not the concept that the lexicon finds in
 * it.
 */
export function isFalseFriend(name: string, low: string, at: number, end: number, language: string): boolean {
  const word = low.slice(at, end);
  if (name === "orange") return !isFruit(low, at, end);
  if (language === "de") return german[name]?.test(word) === true;
  return (
    language === "en" && ((name === "flower" && isRisen(low, at, end)) || friends[name]?.test(word) === true)
  );
}
