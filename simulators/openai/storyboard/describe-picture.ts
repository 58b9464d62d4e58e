/**
 * Writes the prompts of a film's pictures. Each prompt names what its sentence contains; place, hour and
 * palette continue from scene to scene, so that the pictures belong together.
 */
import { chanceOf } from "../chance.ts";
import { paletteNames } from "../palette-names.ts";
import { detectLanguage } from "../text/detect-language.ts";
import { type Attributes, findAttributes } from "../text/find-attributes.ts";
import { findConcepts } from "../text/find-concepts.ts";
import { lexicon } from "../text/lexicon.ts";
import { stopWords } from "../text/stop-words.ts";
import {
  describeDreamer,
  deserted,
  firstPerson,
  hasPersonPronoun,
  tellsSubject,
} from "./describe-dreamer.ts";

const phrases = new Map(lexicon.map(({ name, phrase }) => [name, phrase]));

/** The place that a thing implies if no place is named; the first match counts. */
const homes: readonly [string, string][] = [
  ["engine", "laboratory"],
  ["ghost", "laboratory"],
  ["ladder", "desert"],
  ["bed", "room"],
  ["ass", "forest"],
  ["fool", "forest"],
  ["lantern", "street"],
  ["whale", "sea"],
  ["boat", "sea"],
  ["lighthouse", "sea"],
  ["swimming", "underwater"],
  ["stairs", "hall"],
  ["running", "hall"],
  ["train", "hall"],
  ["suitcase", "hall"],
  ["camel", "desert"],
];

/** The same, used only until a place is named. */
const looseHomes: readonly [string, string][] = [
  ["stone", "desert"],
  ["angel", "desert"],
  ["pillow", "room"],
  ["deer", "forest"],
  ["wolf", "forest"],
  ["fish", "underwater"],
  ["flower", "meadow"],
  ["tree", "meadow"],
  ["house", "meadow"],
  ["horse", "meadow"],
  ["donkey", "meadow"],
  ["owl", "forest"],
  ["dog", "meadow"],
  ["rabbit", "meadow"],
  ["river", "mountain"],
  ["snow", "mountain"],
  ["mirror", "hall"],
  ["book", "hall"],
  ["clock", "cosmos"],
  ["falling", "cloud"],
  ["flying", "cloud"],
  ["sleeping", "room"],
  ["car", "street"],
  ["bus", "street"],
  ["bicycle", "street"],
  ["gun", "street"],
  ["airplane", "cloud"],
  ["balloon", "cloud"],
  ["heaven", "cloud"],
  ["dragon", "mountain"],
  ["frog", "meadow"],
  ["bee", "meadow"],
  ["sunflower", "meadow"],
  ["violin", "hall"],
  ["piano", "hall"],
  ["letter", "room"],
  ["dress", "room"],
  ["doll", "room"],
  ["hair", "room"],
  ["table", "room"],
  ["chair", "room"],
  ["telephone", "room"],
];

/** Concepts that end an indoor place. */
const inward = ["vision", "eye", "ear", "hand", "heart"];
const walled = new Set(["room", "hall", "street", "city", "laboratory"]);
const built = ["ladder", "stairs", "bridge", "tower"];
const places = new Set([
  "city",
  "street",
  "sea",
  "underwater",
  "mountain",
  "desert",
  "forest",
  "meadow",
  "room",
  "hall",
  "laboratory",
  "cloud",
  "cosmos",
]);
const hours = new Set(["night", "dusk", "dawn", "day"]);
/** Concepts that are too common to be shown, or that another concept shows. */
const unshown = new Set([
  ...places,
  ...hours,
  "waiting",
  "green",
  "red",
  "golden",
  "terror",
  "joy",
  "love",
  "sun",
  "sleeping",
  "season",
  "life",
]);

/** The lowest part of the picture where captions stand, by the film's shape, and the box above it. */
export function composePictures(aspect: string | null | undefined): { sentence: string; focus: Box } {
  const isUpright = aspect === "9:16";
  const part = isUpright ? "third" : "quarter";
  const sentence = `The whole subject stands above the lowest ${part} of the picture, with room above heads and at the sides.`;
  return { sentence, focus: { x: 0.1, y: 0.1, w: 0.8, h: (isUpright ? 0.67 : 0.75) - 0.1 } };
}

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** One prompt for each narration, in order. `composition`: the sentence that says where the subject stands. */
export function describePictures(
  narrations: readonly string[],
  { style, film, composition }: { style: string; film: string; composition: string },
): string[] {
  const chance = chanceOf(`film ${film}`);
  const concepts = new Set(findConcepts(film));
  const palette = filmPalette(concepts, chance.next());
  let namedHour: string | null = null;
  const dark = concepts.has("terror") || concepts.has("moon") || concepts.has("star");
  let place = firstPlace(narrations) ?? chance.pick(["sea", "mountain", "cloud", "meadow"]);
  let before: string[] = [];
  const told = new Map<string, Attributes>();
  const dreamer = describeDreamer(film);
  const language = detectLanguage(film);
  return narrations.map((narration, index) => {
    const shown = findConcepts(narration);
    const onIt = shown.includes("climbing") || /\bit\b/iu.test(narration);
    if (onIt && !built.some((name) => shown.includes(name))) {
      shown.push(...built.filter((name) => before.includes(name)).slice(0, 1));
    }
    before = [...shown, ...before];
    namedHour = hourOf(narration, shown) ?? namedHour;
    const hour = namedHour ?? (dark ? "night" : hourOfScene(index / Math.max(1, narrations.length - 1)));
    const seasons = shown.includes("window") && shown.includes("season");
    place = placeOf(shown) ?? place;
    const inwardly = inward.some((name) => shown.includes(name)) && walled.has(place);
    const here = seasons ? "hall" : inwardly ? "cosmos" : place;
    for (const [name, said] of findAttributes(narration)) told.set(name, { ...told.get(name), ...said });
    const cast = castOf(narration, shown, language);
    // "A man with the head of an ass" is one.
    const isOne = shown.includes("ass");
    const things = shown
      .filter((name) => !(isOne && name === "man"))
      .filter((name) => !unshown.has(name) && !actions.has(name) && name !== here);
    const seen = [
      ...cast,
      ...things
        .slice(0, 6)
        .map((name) => phraseOf(name, findAttributes(narration).get(name), told.get(name))),
    ];
    if (seasons) seen.push(phrases.get("season") ?? "");
    const alone = dreamer === deserted ? "an empty place" : "a lone figure looking into the distance";
    const subject = seen.length > 0 ? seen.join(", ") : alone;
    return [
      `${capital(subject)}, in ${phrases.get(here)}, ${hour === "day" ? "by day" : `at ${hour}`}.`,
      dreamer,
      composition,
      `Told as: ${contentWords(narration).join(" ") || "a dream"}.`,
      `${capital(style)} style, no lettering; colours of the whole film: ${palette}.`,
    ].join(" ");
  });
}

const actions = new Set(
  "flying falling walking running kneeling sleeping climbing swimming dancing sitting".split(" "),
);
const people = new Set(["man", "woman", "child", "grandmother", "ghost", "fool", "ass", "angel"]);
/** The acting person of a narration: the dreamer, or `someone` if the narration names a person. Empty: no person acts. */
function castOf(narration: string, shown: readonly string[], language: string): string[] {
  const doing = shown.filter((name) => actions.has(name));
  const isNamed = shown.some((name) => people.has(name));
  const acting = doing.map((name) => (phrases.get(name) ?? name).replace("someone", "").trim());
  if (firstPerson.test(narration)) return [["the dreamer", ...acting].join(" ")];
  // Other languages may leave the person out, who is then the dreamer: "volavo".
  const isOmitted = !tellsSubject(language) && !isOfThing(shown);
  // "Er" and "il" may be a thing that the narration names.
  const isMeant = language === "en" || !isOfThing(shown);
  const isPerson = isNamed || isOmitted || (isMeant && hasPersonPronoun(narration, language));
  return acting.length > 0 && isPerson ? [`${isNamed ? "someone" : "the dreamer"} ${acting.join(" ")}`] : [];
}

/** Whether an animal acts, or the thing that is named before what is done. */
function isOfThing(shown: readonly string[]): boolean {
  const first = shown.find((name) => !places.has(name) && !hours.has(name) && !unshown.has(name)) ?? "";
  return shown.some((name) => beasts.has(name)) || (first !== "" && !actions.has(first));
}
const beasts = new Set(
  (
    "horse deer wolf dog rabbit owl cat bird whale fish butterfly elephant donkey boat bear lion cow sheep mouse " +
    "turtle snake spider car bus train airplane"
  ).split(" "),
);

/** What the lexicon names as many. */
const swarms: Record<string, string> = {
  bird: "bird",
  fish: "fish",
  butterfly: "butterfly",
  tooth: "tooth",
  coin: "coin",
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
  "a bus": "buses",
  "a small house with lit windows": "small houses with lit windows",
  "a door standing open": "doors standing open",
};

/** The concept with the number that the sentence tells, and the colour that the film has told. */
function phraseOf(name: string, here: Attributes = {}, known: Attributes = {}): string {
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
  return colour ? `${phrase === bare ? "" : "a "}${dyed}${bare}` : phrase;
}

function filmPalette(concepts: ReadonlySet<string>, draw: number): string {
  const choices =
    concepts.has("laboratory") || concepts.has("ghost")
      ? ["verdigris and electric white", "slate and brass", "verdigris and electric white"]
      : concepts.has("angel") || concepts.has("ladder")
        ? ["deep blue and gold", "ultramarine and ochre", "violet twilight and amber"]
        : concepts.has("fool") || concepts.has("ass") || concepts.has("forest")
          ? ["emerald and moonlight", "lilac and mint", "emerald and moonlight"]
          : concepts.has("terror") || concepts.has("fire")
            ? ["crimson and ember", "slate and brass", "indigo and silver"]
            : concepts.has("sea") || concepts.has("underwater") || concepts.has("whale")
              ? ["turquoise and coral", "teal dusk and rose", "indigo and silver"]
              : concepts.has("snow") || concepts.has("winter")
                ? ["indigo and silver", "pearl and rose mist"]
                : concepts.has("glass") || concepts.has("city")
                  ? ["violet twilight and amber", "teal dusk and rose"]
                  : paletteNames;
  return choices[Math.floor(draw * choices.length)] ?? "violet twilight and amber";
}

/** The first place that is named; else the first that a thing implies. */
function firstPlace(narrations: readonly string[]): string | undefined {
  const shown = narrations.map(findConcepts);
  const hinted = (names: string[]) => looseHomes.find(([thing]) => names.includes(thing))?.[1] ?? null;
  const first = shown[0] ?? [];
  const near = placeOf(first) ?? hinted(first);
  return near ?? shown.map(placeOf).find(Boolean) ?? shown.map(hinted).find(Boolean) ?? undefined;
}

function placeOf(shown: readonly string[]): string | null {
  const named = shown.find((name) => places.has(name));
  if (!named && shown.includes("ghost") && shown.includes("house")) return "meadow";
  return named ?? homes.find(([thing]) => shown.includes(thing))?.[1] ?? null;
}

/** A dream that names no hour begins at dusk, goes through the night and ends at dawn. */
const hourOfScene = (progress: number) => (progress < 0.35 ? "dusk" : progress < 0.8 ? "night" : "dawn");

function hourOf(narration: string, shown: readonly string[]): string | null {
  if (shown.includes("sun") && /\b(?:set|sank|sinks|down|setting)\b/iu.test(narration)) return "dusk";
  return (
    shown.find((name) => hours.has(name)) ??
    (shown.includes("sleeping") || shown.includes("moon") ? "night" : null)
  );
}

/** The words that carry the sentence, at most a dozen. */
function contentWords(narration: string): string[] {
  const words = [...new Intl.Segmenter("und", { granularity: "word" }).segment(narration)]
    .filter(({ isWordLike, segment }) => isWordLike && !stopWords.has(segment.toLowerCase()))
    .map(({ segment }) => segment);
  return [...new Set(words)].slice(0, 12);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
