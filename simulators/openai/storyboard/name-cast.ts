/**
 * Names the cast of a dream: the dreamer, the people it tells of, and the animals, places and things that two
 * or more scenes tell of.
 */
import { chanceOf } from "../chance.ts";
import { findConcepts } from "../text/find-concepts.ts";
import { lexicon } from "../text/lexicon.ts";
import { firstPerson } from "./describe-dreamer.ts";

type Kind = "person" | "animal" | "place" | "object";

export interface CastMember {
  id: string;
  kind: Kind;
  name: string;
  description: string;
}

export interface Cast {
  members: CastMember[];
  /** The ids of the members of each scene. */
  ofScenes: string[][];
}

const concepts: Record<Kind, ReadonlySet<string>> = {
  person: new Set("man woman child grandmother fool angel ghost".split(" ")),
  animal: new Set(
    (
      "horse deer wolf dog rabbit owl cat bird whale fish butterfly elephant donkey bear lion cow sheep mouse turtle " +
      "snake spider ass"
    ).split(" "),
  ),
  place: new Set(
    "city street forest meadow room hall laboratory house bridge tower lighthouse mountain desert".split(" "),
  ),
  object: new Set(
    "boat bed pillow window door stairs ladder mirror book clock lantern candle balloon car bus train airplane engine tree".split(
      " ",
    ),
  ),
};

const kindOf = (name: string): Kind | undefined =>
  (Object.keys(concepts) as Kind[]).find((kind) => concepts[kind].has(name));

/** At most so many members, and so many in one scene. */
const most = { members: 6, ofScene: 4 };

const phrases = new Map(lexicon.map(({ name, phrase }) => [name, phrase.replace(/^(?:an?|the) /u, "")]));

/**
 * The cast of these narrations. `dreamer`: how the film's dreamer looks. The same dream gets the same cast.
 */
export function nameCast(narrations: readonly string[], film: string, dreamer: string): Cast {
  const told = narrations.map((narration) => [
    ...(firstPerson.test(narration) ? ["dreamer"] : []),
    ...findConcepts(narration).filter((name) => kindOf(name) !== undefined),
  ]);
  const count = (name: string) => told.filter((names) => names.includes(name)).length;
  const names = [...new Set(told.flat())]
    .filter((name) => name === "dreamer" || concepts.person.has(name) || count(name) > 1)
    .toSorted((a, b) => count(b) - count(a))
    .slice(0, most.members);
  return {
    members: names.map((name, index) => describe(name, film, dreamer, index)),
    ofScenes: told.map((shown) =>
      [...new Set(shown)].filter((name) => names.includes(name)).slice(0, most.ofScene),
    ),
  };
}

/** The people of one film have different coats, and none has the dreamer's. */
const coatOf = (index: number, dreamer: string) => {
  const coats = ["red", "blue", "grey", "green", "purple", "brown", "white"];
  const free = coats.filter((coat) => !dreamer.includes(` ${coat} coat`));
  return free[index % free.length];
};

/** A member in words that differ from film to film, as those of a text model do. */
function describe(name: string, film: string, dreamer: string, index: number): CastMember {
  if (name === "dreamer") {
    const looks = dreamer.replace(/^The dreamer has /u, "").replace(/\.$/u, "");
    return {
      id: name,
      kind: "person",
      name: "the dreamer",
      description: `The dreamer, an adult with ${looks}`,
    };
  }
  const chance = chanceOf(`cast ${name} ${film}`);
  const phrase = phrases.get(name) ?? name;
  const kind = kindOf(name) ?? "object";
  const more = {
    person: `${chance.pick(["round", "narrow", "broad"])} face, a ${coatOf(index, dreamer)} coat`,
    animal: `${chance.pick(["dark", "light", "spotted"])} coat, ${chance.pick(["bright", "calm", "tired"])} eyes`,
    place: `${chance.pick(["old", "wide", "narrow"])}, of ${chance.pick(["pale", "dark", "mossy"])} colours`,
    object: `${chance.pick(["worn", "new", "carved"])}, ${chance.pick(["small", "large"])}`,
  };
  return { id: name, kind, name: phrase, description: `A ${phrase}: ${more[kind]}` };
}
