/** Which cast a text model will name for a dream, as far as the dream's words tell. */
import { splitPassages } from "./count-passages.ts";
import { guessLanguage, isFrequentWord } from "./guess-language.ts";
import { limits } from "./limits.ts";

/** How many members a film's cast has, and how many members all pictures together show. */
export interface ExpectedCast {
  members: number;
  references: number;
}

/** Words that recur in any English text, beside those by which a language is recognised. */
const grammar = new Set(
  (
    "all and any are behold but can could did does down dream dreamed dreams for from had has have her him his how into its just like methought more most not " +
    "night nor now off one our out over own place put said saw say set she should side some such than that their them then there these they time this " +
    "brought came fell felt flew found gave grew heard held knew lay made ran sang sat slept stood swam told took " +
    "those through thou thing things too upon very was went were what when where which while who why will with would you your"
  ).split(" "),
);

/** A text model names people even if one picture alone shows them. */
const people = new Set(
  (
    "man woman child boy girl mother father parents brother sister son daughter grandmother grandfather aunt uncle friend " +
    "teacher stranger artist student king queen angel angels ghost phantasm fool " +
    "mann frau kind junge mädchen mutter vater eltern bruder schwester sohn tochter großmutter großvater oma opa tante " +
    "onkel freund freundin lehrer lehrerin fremder könig königin engel geist"
  ).split(" "),
);

const firstPerson =
  /^(?:i|ich|je|j'ai|yo|eu|io|ik|jag|minä|én|ben|я|mir|mich|me|mi|moi|mij|mig|私|我|나|저)$/iu;
const words = new Intl.Segmenter("und", { granularity: "word" });

/**
 * The dreamer, if the dream is told in the first person, and the words that two or more of so many scenes
 * say: in a dream of people who return, nearly all of these name a person, an animal, a place or a thing.
 *
 * @param told the share of the dream's words that the film has room for
 */
export function expectCast(transcript: string, scenes: number, told = 1): ExpectedCast {
  const isNoun = nounsOf(transcript);
  const shown = shareOut(transcript, scenes, told).map(wordsOf);
  const counts = new Map<string, number>();
  for (const word of shown.flatMap((said) => [...said])) counts.set(word, (counts.get(word) ?? 0) + 1);
  const recurring = [...counts]
    .filter(([word, count]) => isNoun(word) && (people.has(word) || (count > 1 && isContent(word))))
    .map(([, count]) => count);
  const asDreamer = shown.filter((said) => [...said].some((word) => firstPerson.test(word))).length;
  const members = [...recurring, ...(asDreamer > 0 ? [asDreamer] : [])]
    .toSorted((a, b) => b - a)
    .slice(0, limits.cast);
  const references = members.reduce((sum, count) => sum + count, 0);
  return { members: members.length, references: Math.min(references, scenes * limits.sceneCast) };
}

/**
 * What so many scenes tell: the dream's passages in groups, one after the other, each shortened to the share.
 */
function shareOut(transcript: string, scenes: number, told: number): string[] {
  const { sentences, clauses } = splitPassages(transcript);
  const passages = sentences.length >= scenes && told >= 1 ? sentences : clauses;
  const groups = Math.min(scenes, passages.length);
  return Array.from({ length: groups }, (_, group) => {
    const own = passages.filter((_, index) => Math.floor((index * groups) / passages.length) === group);
    return own.slice(0, Math.max(1, Math.round(own.length * told))).join(". ");
  });
}

/** Whether a word names something, as far as the language's spelling or its articles tell. */
function nounsOf(transcript: string): (word: string) => boolean {
  const language = guessLanguage(transcript);
  if (language !== "de" && language !== "en") return () => true;
  const found = transcript.matchAll(language === "de" ? capitalised : named);
  const nouns = new Set(Array.from(found, ([, word = ""]) => word.toLowerCase()));
  return (word) => nouns.has(word);
}

/**
 * Within a sentence, German writes only nouns with a capital. The look ahead comes first, so that long white
 * space costs nothing.
 */
const capitalised = /(?=\p{Lu})(?<=[\p{Ll},;:]\s+)(\p{Lu}\p{Ll}+)/gu;
/**
 * In English, what is named stands after an article or the like at least once, mostly with no more than an
 * adjective between.
 */
const named =
  /(?=\p{L})(?<=\b(?:an?|the|my|his|her|its|our|their|your|this|these|those|two|three|many)\s+(?:\p{L}+\s+)?)(\p{L}+)/giu;

const wordsOf = (text: string): Set<string> =>
  new Set(Array.from(words.segment(text.toLowerCase()), ({ segment }) => segment));

/** English verbs in their most frequent forms: `climbed`, `falling`. */
const verb = /^[a-z]{2,}(?:[a-z]ed|[a-z]{2}ing)$/u;

/** A word of one or two letters names something in Chinese and Japanese alone. */
const isContent = (word: string) =>
  /^(?:\p{L}{3,}|[\p{sc=Han}\p{sc=Katakana}]+)$/u.test(word) &&
  !(grammar.has(word) || isFrequentWord(word) || verb.test(word));
