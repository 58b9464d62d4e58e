/** How a prompt names what a sentence tells: its number and its colour. */
import type { Attributes } from "../text/find-attributes.ts";
import { phrases } from "./phrases.ts";

/** What the lexicon names as many. */
const swarms: Record<string, string> = {
  bird: "bird",
  fish: "fish",
  butterfly: "butterfly",
  tooth: "tooth",
  coin: "coin",
  cherry: "cherry",
  bee: "bee",
  sunflower: "sunflower",
};
const countNames = ["two", "three", "four", "five", "six", "seven"];
const plurals: Record<string, string> = {
  "a man": "men",
  "a woman": "women",
  "an old woman": "old women",
  "a child": "children",
  "a wolf": "wolves",
  "a stag": "stags",
  "a sheep": "sheep",
  "a mouse": "mice",
  "a loaf of bread": "loaves of bread",
  "a bunch of grapes": "bunches of grapes",
  "a tomato": "tomatoes",
  "a peach": "peaches",
  "a strawberry": "strawberries",
  "a bus": "buses",
  "a small house with lit windows": "small houses with lit windows",
  "a door standing open": "doors standing open",
};

/** The concept with the number that the sentence tells, and the colour that the film has told. */
export function nameThing(name: string, here: Attributes = {}, known: Attributes = {}): string {
  const lost = here.lacksPart || known.lacksPart ? parts[name] : undefined;
  const whole = nameWhole(name, here, known);
  return lost ? `${whole.replace(" with lit windows", "")} without ${lost}` : whole;
}

/** What a thing may be without, in English. */
const parts: Record<string, string> = { boat: "sails", house: "windows", tree: "leaves", clock: "hands" };

function nameWhole(name: string, here: Attributes, known: Attributes): string {
  const isChild = here.isSmall && (name === "man" || name === "woman");
  const phrase = isChild ? "a child" : (phrases.get(name) ?? name);
  const colour = here.colour ?? known.colour;
  const bare = phrase.replace(/^(?:an?|the) /u, "").replace(colour ? /^golden /u : "", "");
  const dyed = colour ? `${colour} ` : "";
  if (here.count === 1 && swarms[name]) return `a ${dyed}${swarms[name]}`;
  if (here.count && here.count > 1) {
    const count = countNames[here.count - 2] ?? String(here.count);
    const many = plurals[phrase] ?? (/^(?:an?|the) /u.test(phrase) ? `${bare}s` : bare);
    return `${count} ${dyed}${many}`;
  }
  return colour ? `${phrase === bare ? "" : /^[aeiou]/u.test(dyed) ? "an " : "a "}${dyed}${bare}` : phrase;
}
