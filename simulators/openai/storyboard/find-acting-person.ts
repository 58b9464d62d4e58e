/** Who acts in a picture, by the words of its sentence. */
import { bare, findMentions } from "../text/find-concepts.ts";
import { firstPerson, hasPersonPronoun, tellsSubject } from "./describe-dreamer.ts";
import { phrases } from "./phrases.ts";
import { hours, places } from "./place-scenes.ts";

/** Concepts that are too common to be shown, or that another concept shows. */
const unshown = new Set([
  ...places,
  ...hours,
  ..."waiting green red golden terror joy love sun sleeping season life".split(" "),
]);
const actions = new Set(
  "flying falling walking running kneeling sleeping climbing swimming dancing sitting".split(" "),
);
const people = new Set("man woman child grandmother ghost fool ass angel crowd".split(" "));
const beasts = new Set(
  (
    "horse deer wolf dog rabbit owl cat bird whale fish butterfly elephant donkey boat bear lion cow sheep mouse " +
    "turtle snake spider car bus train airplane"
  ).split(" "),
);

/** Whether the picture shows a concept as a thing or a person of its own. */
export const isShown = (name: string): boolean => !unshown.has(name) && !actions.has(name);

export interface Teller {
  language: string;
  /** The dream is told by "I": another person is not the dreamer. */
  isFirstPerson: boolean;
  /** The concepts of the narrations before, the last one first. */
  before: readonly string[];
}

/**
 * The acting person of a narration: the dreamer, or `someone` if the narration names a person. Empty: no person acts.
 */
export function findActingPerson(narration: string, shown: readonly string[], teller: Teller): string[] {
  const { language } = teller;
  const doing = shown.filter((name) => actions.has(name));
  const isNamed = shown.some((name) => people.has(name));
  const acting = doing.map((name) => (phrases.get(name) ?? name).replace("someone", "").trim());
  if (firstPerson.test(narration)) return [["the dreamer", ...acting].join(" ")];
  const other = isNamed ? null : findPronoun(narration, teller);
  const beside = other === several ? ["a woman"] : [];
  if (acting.length === 0)
    return other === null ? [] : teller.isFirstPerson ? [other] : ["the dreamer", ...beside];
  // Other languages may leave the person out, who is then the dreamer: "volavo".
  const isOmitted = !tellsSubject(language) && !isOfThing(shown);
  // "Er" and "il" may be a thing that the narration names.
  const isMeant = language === "en" || !isOfThing(shown);
  const isPerson =
    isNamed || isOmitted || other !== null || (isMeant && hasPersonPronoun(narration, language));
  return isPerson ? [`${isNamed ? "someone" : "the dreamer"} ${acting.join(" ")}`, ...beside] : [];
}

/** Whether an animal acts, or the thing that is named before what is done. */
function isOfThing(shown: readonly string[]): boolean {
  const first = shown.find((name) => !unshown.has(name)) ?? "";
  return shown.some((name) => beasts.has(name)) || (first !== "" && !actions.has(first));
}

const several = "a man, a woman";
/** Subjects that may be a person, by language, and whom the painter paints for them. */
const pronouns: Record<string, Record<string, string>> = {
  en: {
    ...{ he: "a man", she: "a woman", they: several },
    ...{ someone: "a man", somebody: "a man", everybody: several, everyone: several },
  },
  de: { er: "a man", sie: "a woman", jemand: "a man", man: "a man" },
  fr: { il: "a man", elle: "a woman", ils: several, elles: "a woman", on: "a man" },
};
/** Those that are never a thing. */
const personal = new Set("he she someone somebody everybody everyone jemand man on".split(" "));
const being = /^\s+(?:was|were|is|are|war|waren|ist|sind|était|étaient|est|sont)\s/u;

/** Whom the narration's first pronoun stands for; null: it stands for no person, or there is none. */
function findPronoun(narration: string, { language, before }: Teller): string | null {
  const known = pronouns[language] ?? {};
  const low = bare(narration);
  const words = [...low.matchAll(/[\p{L}\p{M}'’]+/gu)];
  const found = words.find(([word]) => known[word] !== undefined);
  if (found === undefined) return null;
  const [word] = found;
  const mentions = findMentions(narration).filter(({ name }) => isShown(name));
  const earlier = mentions.filter(({ at }) => at < found.index).map(({ name }) => name);
  const named = [...earlier.reverse(), ...before.filter(isShown)];
  const meant = personal.has(word) ? named.find((name) => people.has(name) || beasts.has(name)) : named[0];
  const mayBe = meant === undefined || people.has(meant);
  // "They were red fish."
  const rest = low.slice(found.index + word.length);
  const next = mentions.find(({ at }) => at > found.index)?.name;
  const isNamedThing = being.test(rest) && next !== undefined && !people.has(next);
  return mayBe && !isNamedThing ? (known[word] ?? null) : null;
}
