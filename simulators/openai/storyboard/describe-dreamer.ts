/** How the one who dreams looks in all pictures of a film. */
import { chanceOf } from "../chance.ts";
import { detectLanguage } from "../text/detect-language.ts";
import { findConcepts } from "../text/find-concepts.ts";

/** What a prompt says of a dream without people. */
export const deserted = "Nobody is in sight.";

/** Words by which a narration is about its teller. */
export const firstPerson =
  /(?:^|[^\p{L}])(?:i|me|we|us|ich|mich|mir|wir|uns|je|j['’]\p{L}+|moi|nous|yo|me|nosotros|io|mi|noi|eu|nós|я|меня|мне|мы|нас|אני|أنا|मैं|मैंने)(?![\p{L}])|[我私僕俺]|나는|내가/iu;

/** Pronouns that stand for a person, in the languages that tell who acts. */
const pronouns: Record<string, RegExp> = {
  en: /\b(?:he|she|they|someone|somebody|anybody|everybody)\b/iu,
  de: /(?<!\p{L})(?:er|sie|man|jemand)(?!\p{L})/iu,
  fr: /(?<!\p{L})(?:il|elle|ils|elles|on|quelqu['’]un)(?!\p{L})/iu,
};

/** Whether a pronoun of the text stands for a person. */
export const hasPersonPronoun = (text: string, language: string): boolean =>
  pronouns[language]?.test(text) === true;

/** Languages whose verbs always have a subject; others leave out the one who dreams: "volavo". */
const withSubject = new Set(["en", "de", "fr", "nl", "sv", "da", "no"]);

/** Whether the language tells who acts. */
export const tellsSubject = (language: string): boolean => withSubject.has(language);

const personNames = "man woman child grandmother ghost fool ass angel crowd".split(" ");

/** Whether no person is in a dream: it says neither "I" nor "she", and names no person. */
function isDeserted(film: string): boolean {
  if (!tellsSubject(detectLanguage(film)) || firstPerson.test(film) || possessive.test(film)) return false;
  const shown = findConcepts(film);
  if (personNames.some((name) => shown.includes(name))) return false;
  // "Er" and "il" may be the train.
  return !hasPersonPronoun(film, "en");
}

const possessive = /(?<!\p{L})(?:my|our|mein\p{L}*|unser\p{L}*|mon|ma|mes|notre|nos)(?!\p{L})/iu;

/** How the painter dresses the people that a dream names. */
const namedLooks: Record<string, string> = {
  man: "short hair and a grey coat",
  woman: "long hair and a pink coat",
  child: "short hair and a yellow coat",
};

/**
 * How the dreamer looks in all pictures of a film. In a dream without "I", "he" is the person named
 * first, and looks like that in every picture.
 */
export function describeDreamer(film: string): string {
  if (isDeserted(film)) return deserted;
  const named = firstPerson.test(film) ? undefined : findConcepts(film).find((name) => namedLooks[name]);
  if (named) return `The dreamer has ${namedLooks[named]}.`;
  const chance = chanceOf(`dreamer ${film}`);
  const hair = chance.pick(["long", "short"]);
  return `The dreamer has ${hair} hair and a ${chance.pick(["blue", "red", "green", "purple", "brown", "grey"])} coat.`;
}
