/**
 * The prompts of a film's pictures. Each names what its own sentence speaks of; place, hour and palette carry over
 * from scene to scene, so that the pictures belong together.
 */
import { chanceOf } from "../chance.ts";
import { paletteNames } from "../pictures/palettes.ts";
import { findConcepts } from "../text/find-concepts.ts";
import { lexicon } from "../text/lexicon.ts";
import { stopWords } from "../text/stop-words.ts";

const phrases = new Map(lexicon.map(({ name, phrase }) => [name, phrase]));

/** Where things are at home that name no place of their own; first come, first served. */
const homes: readonly [string, string][] = [
  ["engine", "laboratory"],
  ["ghost", "laboratory"],
  ["ladder", "desert"],
  ["stone", "desert"],
  ["angel", "desert"],
  ["bed", "room"],
  ["ass", "forest"],
  ["fool", "forest"],
  ["deer", "forest"],
  ["wolf", "forest"],
  ["lantern", "street"],
  ["whale", "sea"],
  ["boat", "sea"],
  ["lighthouse", "sea"],
  ["fish", "underwater"],
  ["swimming", "underwater"],
  ["flower", "meadow"],
  ["tree", "meadow"],
  ["house", "meadow"],
  ["horse", "meadow"],
  ["stairs", "hall"],
  ["mirror", "hall"],
  ["book", "hall"],
  ["vision", "cosmos"],
  ["eye", "cosmos"],
  ["ear", "cosmos"],
  ["hand", "cosmos"],
  ["heart", "cosmos"],
  ["clock", "cosmos"],
  ["falling", "cloud"],
  ["flying", "cloud"],
  ["running", "hall"],
];
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
/** Said too often to be worth a picture, or shown by another word. */
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
  const said = new Set(findConcepts(film));
  const palette = filmPalette(said, chance.next());
  let hour = said.has("terror") || said.has("moon") || said.has("star") ? "night" : "dusk";
  let place = firstPlace(narrations) ?? chance.pick(["sea", "mountain", "cloud", "meadow"]);
  return narrations.map((narration) => {
    const shown = findConcepts(narration);
    hour = hourOf(narration, shown) ?? hour;
    place = placeOf(shown) ?? place;
    const things = shown.filter((name) => !unshown.has(name) && name !== place).slice(0, 5);
    const attitude = shown.includes("sleeping") && !shown.includes("vision") ? ["someone asleep"] : [];
    const seen = [...attitude, ...things.map((name) => phrases.get(name) ?? name)];
    if (shown.includes("window") && shown.includes("season")) seen.push(phrases.get("season") ?? "");
    const subject = seen.length > 0 ? seen.join(", ") : "a lone figure looking into the distance";
    return [
      `${capital(subject)}, in ${phrases.get(place)}, ${hour === "day" ? "by day" : `at ${hour}`}.`,
      `Told as: ${contentWords(narration).join(" ") || "a dream"}.`,
      `${capital(style)} style, no lettering; colours of the whole film: ${palette}.`,
    ].join(" ");
  });
}

function filmPalette(said: ReadonlySet<string>, draw: number): string {
  const choices =
    said.has("laboratory") || said.has("ghost")
      ? ["verdigris and electric white", "slate and brass", "verdigris and electric white"]
      : said.has("angel") || said.has("ladder")
        ? ["deep blue and gold", "ultramarine and ochre", "violet twilight and amber"]
        : said.has("fool") || said.has("ass") || said.has("forest")
          ? ["emerald and moonlight", "lilac and mint", "emerald and moonlight"]
          : said.has("terror") || said.has("fire")
            ? ["crimson and ember", "slate and brass", "indigo and silver"]
            : said.has("sea") || said.has("underwater") || said.has("whale")
              ? ["turquoise and coral", "teal dusk and rose", "indigo and silver"]
              : said.has("snow") || said.has("winter")
                ? ["indigo and silver", "pearl and rose mist"]
                : said.has("glass") || said.has("city")
                  ? ["violet twilight and amber", "teal dusk and rose"]
                  : paletteNames;
  return choices[Math.floor(draw * choices.length)] ?? "violet twilight and amber";
}

const firstPlace = (narrations: readonly string[]) =>
  narrations.map((narration) => placeOf(findConcepts(narration))).find((place) => place !== null);

function placeOf(shown: readonly string[]): string | null {
  if (shown.includes("window") && shown.includes("season")) return "hall";
  const named = shown.find((name) => places.has(name));
  if (named) return named;
  return homes.find(([thing]) => shown.includes(thing))?.[1] ?? null;
}

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
