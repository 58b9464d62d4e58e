/** Whom a film tells of besides the dreamer, and how the pictures tell them apart. */
import { type Attributes, findAttributes } from "../text/find-attributes.ts";
import { bare, findMentions } from "../text/find-concepts.ts";
import { nameThing } from "./name-things.ts";

const named = new Set(["man", "woman", "child"]);
/** The coats of the second person of a kind and of those after it; the first has the painter's own. */
const coats = ["brown", "green", "purple", "white", "orange", "black"] as const;
/** Words for a man that are also said of a woman. */
const neutral =
  /^(?:friend|student|artist|teacher|stranger|cousin|neighbou?r|weaver|doctor|writer|baker|driver|singer|dancer|tailor|painter)s?$/u;

/** Names the people of each narration: as many as it tells, and each the same in the whole film. */
export class People {
  readonly #keys = new Map<string, string[]>();
  readonly #isWoman: boolean;

  /** @param film the whole dream */
  constructor(film: string) {
    const low = bare(film);
    const men = findMentions(film).filter(({ name }) => name === "man");
    this.#isWoman =
      /\b(?:she|her|hers)\b/u.test(low) &&
      !/\b(?:he|him|his)\b/u.test(low) &&
      men.every(({ at, end }) => neutral.test(low.slice(at, end)));
  }

  /** The concept of a person, where a word for a man is said of a woman. */
  conceptOf(name: string): string {
    return name === "man" && this.#isWoman ? "woman" : name;
  }

  /**
   * How a prompt names the people of this kind that the narration tells of; `known`: what was told of them
   * before.
   */
  name(concept: string, narration: string, known: Attributes | undefined): string[] {
    const here = findAttributes(narration).get(concept);
    const low = bare(narration);
    const keys = findMentions(narration)
      .filter(({ name }) => name === concept)
      .map(({ at, end }) => keyOf(low, at, end));
    const kind = this.conceptOf(concept);
    const before = this.#keys.get(kind) ?? [];
    this.#keys.set(kind, [...new Set([...before, ...keys])]);
    if (here?.count && here.count > 1) return [nameThing(kind, here, known)];
    return [...new Set(keys)].map((key, i) => {
      const place = this.#keys.get(kind)?.indexOf(key) ?? 0;
      const isChild = here?.isSmall === true;
      const told = i === 0 ? here?.colour : undefined;
      const coat = told ?? (place > 0 ? coats[(place - 1) % coats.length] : undefined);
      const bareName = nameThing(kind, isChild ? { isSmall: true } : {});
      return coat ? `${bareName} in a${/^[aeiou]/u.test(coat) ? "n" : ""} ${coat} coat` : bareName;
    });
  }
}

/** The word for the person, the same in the singular, the plural and the possessive. */
function keyOf(low: string, at: number, end: number): string {
  const word = low.slice(at, end).replace(/(?:['’]s|s)$/u, "");
  const isOther = /(?:another|other|second|ander\p{L}*|zweit\p{L}*)\s+$/u.test(low.slice(0, at));
  return isOther ? `another ${word}` : word;
}

/** Whether the concept is a person who is painted beside the dreamer. */
export const isPerson = (name: string): boolean => named.has(name);
