/**
 * Writes the prompts of a film's pictures. Each prompt names what its sentence contains; place, hour and
 * palette continue from scene to scene, so that the pictures belong together.
 */
import { chanceOf } from "../chance.ts";
import { paletteNames } from "../palette-names.ts";
import { findConcepts } from "../text/find-concepts.ts";
import { lexicon } from "../text/lexicon.ts";
import { stopWords } from "../text/stop-words.ts";

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
  ["river", "mountain"],
  ["snow", "mountain"],
  ["mirror", "hall"],
  ["book", "hall"],
  ["clock", "cosmos"],
  ["falling", "cloud"],
  ["flying", "cloud"],
  ["sleeping", "room"],
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
  "man",
  "woman",
  "terror",
  "joy",
  "love",
  "sun",
  "sleeping",
  "season",
  "life",
]);

/** One prompt for each narration, in order. */
export function describePictures(narrations: readonly string[], style: string, film: string): string[] {
  const chance = chanceOf(`film ${film}`);
  const concepts = new Set(findConcepts(film));
  const palette = filmPalette(concepts, chance.next());
  let namedHour: string | null = null;
  const dark = concepts.has("terror") || concepts.has("moon") || concepts.has("star");
  let place = firstPlace(narrations) ?? chance.pick(["sea", "mountain", "cloud", "meadow"]);
  let before: string[] = [];
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
    const things = shown.filter((name) => !unshown.has(name) && name !== here).slice(0, 5);
    const seen = things.map((name) => phrases.get(name) ?? name);
    if (shown.includes("sleeping")) seen.unshift("someone asleep");
    if (seasons) seen.push(phrases.get("season") ?? "");
    const subject = seen.length > 0 ? seen.join(", ") : "a lone figure looking into the distance";
    return [
      `${capital(subject)}, in ${phrases.get(here)}, ${hour === "day" ? "by day" : `at ${hour}`}.`,
      `Told as: ${contentWords(narration).join(" ") || "a dream"}.`,
      `${capital(style)} style, no lettering; colours of the whole film: ${palette}.`,
    ].join(" ");
  });
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
