/** Which cast a text model will name for a dream, as far as the dream's words tell. */
import { isFrequentWord } from "./guess-language.ts";
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
    "nor now off one our out over own said saw say she should some such than that their them then there these they this " +
    "brought came fell felt flew found gave grew heard held knew lay made ran sang sat slept stood swam told took " +
    "those through thou thing things too upon very was went were what when where which while who why will with would you your"
  ).split(" "),
);

const firstPerson =
  /^(?:i|ich|je|j'ai|yo|eu|io|ik|jag|minä|én|ben|я|mir|mich|me|mi|moi|mij|mig|私|我|나|저)$/iu;
const sentenceEnd = /[.!?…。！？؟।]+/u;
const words = new Intl.Segmenter("und", { granularity: "word" });

/**
 * The dreamer, if the dream is told in the first person, and the words that two or more of so many scenes say: in a
 * dream of people who return, nearly all of these name a person, an animal, a place or a thing.
 */
export function expectCast(transcript: string, scenes: number): ExpectedCast {
  const told = shareSentences(transcript, scenes).map(wordsOf);
  const counts = new Map<string, number>();
  for (const word of told.flatMap((said) => [...said])) counts.set(word, (counts.get(word) ?? 0) + 1);
  const recurring = [...counts]
    .filter(([word, count]) => count > 1 && isContent(word))
    .map(([, count]) => count);
  const isSaid = (said: ReadonlySet<string>) => [...said].some((word) => firstPerson.test(word));
  const asDreamer = Math.round((told.filter(isSaid).length / Math.max(1, told.length)) * scenes);
  const shown = [...recurring, ...(asDreamer > 0 ? [asDreamer] : [])].toSorted((a, b) => b - a);
  const members = shown.slice(0, limits.cast);
  const references = members.reduce((sum, count) => sum + count, 0);
  return { members: members.length, references: Math.min(references, scenes * limits.sceneCast) };
}

/** The sentences in so many groups, one after the other. */
function shareSentences(transcript: string, scenes: number): string[] {
  const sentences = transcript.split(sentenceEnd).filter((sentence) => /\p{L}/u.test(sentence));
  const groups = Math.min(scenes, sentences.length);
  return Array.from({ length: groups }, (_, group) =>
    sentences.filter((_, index) => Math.floor((index * groups) / sentences.length) === group).join(". "),
  );
}

const wordsOf = (text: string): Set<string> =>
  new Set(Array.from(words.segment(text.toLowerCase()), ({ segment }) => segment));

/** English verbs in their most frequent forms: `climbed`, `falling`. */
const verb = /^[a-z]{2,}(?:[a-z]ed|[a-z]{2}ing)$/u;

/** A word of one or two letters names something in Chinese and Japanese alone. */
const isContent = (word: string) =>
  /^(?:\p{L}{3,}|[\p{sc=Han}\p{sc=Katakana}]+)$/u.test(word) &&
  !(grammar.has(word) || isFrequentWord(word) || verb.test(word));
