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
 * The acting person of a narration: the dreamer, or `someone` if the narration names a person. Empty: no
 * person acts.
 */
export function findActingPerson(narration: string, shown: readonly string[], teller: Teller): string[] {
  const { language } = teller;
  const doing = shown.filter((name) => actions.has(name));
  const isNamed = shown.some((name) => people.has(name));
  const acting = doing.map((name) => (phrases.get(name) ?? name).replace("someone", "").trim());
  if (firstPerson.test(narration))
    return [["the dreamer", ...acting].join(" "), ...findCompanion(narration, shown, teller)];
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

const plural =
  /(?<!\p{L})(?:you and i|i and you|du und ich|ich und du|toi et moi|mit dir|with you|we|us|both|wir|uns|beide|nous|nosotros|nosotras|noi|nós|мы|нас)(?!\p{L})|我们|我們|私たち|우리/iu;

/**
 * Who is with the dreamer where the narration says "we": the person whom it names first, or who was named
 * last, or else any person.
 */
function findCompanion(narration: string, shown: readonly string[], { before }: Teller): string[] {
  const we = plural.exec(narration);
  if (we === null) return [];
  const mentions = findMentions(narration).filter(({ name }) => people.has(name));
  const told = number.exec(narration)?.[1]?.toLowerCase() ?? "";
  const many = numbers.find((words) => words.split(" ").includes(told));
  if (many) return Array.from({ length: numbers.indexOf(many) + 2 }, (_, i) => (i % 2 ? "a woman" : "a man"));
  const isCompany = mentions.some(({ at }) => at < we.index || with_.test(bare(narration).slice(0, at)));
  if (isCompany) return [];
  const known = before.find((name) => company.has(name) && !shown.includes(name));
  const other = known ?? (shown.includes("man") ? "woman" : "man");
  return [phrases.get(other) ?? other];
}

/** "The three of us", "wir waren zu viert". */
const number =
  /(?:(?<!\p{L})(?:we|wir)(?:\s+(?:were|are|all|both|waren|sind|zu))*\s+(?=\p{L})|(?<!\p{L})(?:the|zu)\s+)(three|four|five|drei|dritt|vier|viert|fünf|fünft)(?!\p{L})/iu;
/** Three and more. */
const numbers = ["three drei dritt", "four vier viert", "five fünf fünft"];

/** "My sister and I", "with my brother". */
const with_ = /(?<!\p{L})(?:with|mit|avec|con|com)\s+(?:\p{L}+\s+){0,2}$/u;
const company = new Set("man woman child grandmother".split(" "));

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

/** "Sie liefen", "er und sie", and not "sie lief". */
const theyDo: Record<string, RegExp> = {
  en: /\b(?:he and she|she and he)\b/u,
  de: /(?<!\p{L})(?:sie\s+(?!zu\s)\p{L}{2,}en|er und sie|sie und er)(?!\p{L})|(?<!\p{L})\p{L}{3,}en\s+sie(?!\p{L})/u,
  fr: /(?<!\p{L})(?:il et elle|elle et lui)(?!\p{L})/u,
};

/** Whom the narration's first pronoun stands for; null: it stands for no person, or there is none. */
function findPronoun(narration: string, { language, before }: Teller): string | null {
  const known = pronouns[language] ?? {};
  const low = bare(narration);
  const words = [...low.matchAll(/[\p{L}\p{M}'’]+/gu)];
  const found = words.find(([word]) => known[word] !== undefined);
  if (found === undefined) return null;
  const [word] = found;
  const isSeveral = theyDo[language]?.test(low) === true;
  const mentions = findMentions(narration).filter(({ name }) => isShown(name));
  const earlier = mentions.filter(({ at }) => at < found.index).map(({ name }) => name);
  const named = [...earlier.reverse(), ...before.filter(isShown)];
  const meant = personal.has(word) ? named.find((name) => people.has(name) || beasts.has(name)) : named[0];
  const mayBe = meant === undefined || people.has(meant);
  // "They were red fish."
  const rest = low.slice(found.index + word.length);
  const next = mentions.find(({ at }) => at > found.index)?.name;
  const isNamedThing = being.test(rest) && next !== undefined && !people.has(next);
  return mayBe && !isNamedThing ? ((isSeveral ? several : known[word]) ?? null) : null;
}
