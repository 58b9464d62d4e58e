/**
 * Writes the prompts of a film's pictures. Each prompt names what its sentence contains; place, hour and
 * palette continue from scene to scene, so that the pictures belong together.
 */
import { chanceOf } from "../chance.ts";
import { detectLanguage } from "../text/detect-language.ts";
import { type Attributes, findAttributes } from "../text/find-attributes.ts";
import { findConcepts } from "../text/find-concepts.ts";
import { stopWords } from "../text/stop-words.ts";
import { choosePalette } from "./choose-palette.ts";
import { describeDreamer, deserted, firstPerson } from "./describe-dreamer.ts";
import { findActingPerson, isShown } from "./find-acting-person.ts";
import { nameThing } from "./name-things.ts";
import { phrases } from "./phrases.ts";
import { findFirstPlace, findHour, findPlace, hourOfScene } from "./place-scenes.ts";
import { isPerson, People } from "./tell-people.ts";

/** Concepts that end an indoor place. */
const inward = ["vision", "eye", "ear", "hand", "heart"];
const walled = new Set(["room", "hall", "street", "city", "laboratory"]);
const built = ["ladder", "stairs", "bridge", "tower"];

/**
 * The sentence that says where a picture's subject stands, and the box of that place: above the captions and,
 * in the first picture, below the title.
 */
export function composePicture(
  aspect: string | null | undefined,
  isFirst: boolean,
): { sentence: string; focus: Box } {
  const isUpright = aspect === "9:16";
  const part = isUpright ? "third" : "quarter";
  const below = isFirst ? `below the highest ${isUpright ? "quarter" : "fifth"} and ` : "";
  const sentence = `The whole subject stands ${below}above the lowest ${part} of the picture, with room above heads and at the sides.`;
  const top = isFirst ? (isUpright ? 0.25 : 0.2) : 0.1;
  return { sentence, focus: { x: 0.1, y: top, w: 0.8, h: (isUpright ? 0.67 : 0.75) - top } };
}

interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** One prompt for each narration, in order. */
export function describePictures(
  narrations: readonly string[],
  { style, film, aspect }: { style: string; film: string; aspect: string | null | undefined },
): string[] {
  const chance = chanceOf(`film ${film}`);
  const concepts = new Set(findConcepts(film));
  const palette = choosePalette(concepts, chance.next());
  let namedHour: string | null = null;
  const dark = concepts.has("terror") || concepts.has("moon") || concepts.has("star");
  let place = findFirstPlace(narrations) ?? chance.pick(["sea", "mountain", "cloud", "meadow"]);
  let before: string[] = [];
  const told = new Map<string, Attributes>();
  const dreamer = describeDreamer(film);
  const language = detectLanguage(film);
  const isFirstPerson = firstPerson.test(film);
  const people = new People(film);
  return narrations.map((narration, index) => {
    const shown = findConcepts(narration);
    const onIt = shown.includes("climbing") || /\bit\b/iu.test(narration);
    if (onIt && !built.some((name) => shown.includes(name))) {
      shown.push(...built.filter((name) => before.includes(name)).slice(0, 1));
    }
    namedHour = findHour(narration, shown) ?? namedHour;
    const hour = namedHour ?? (dark ? "night" : hourOfScene(index / Math.max(1, narrations.length - 1)));
    const seasons = shown.includes("window") && shown.includes("season");
    place = findPlace(shown) ?? place;
    const inwardly = inward.some((name) => shown.includes(name)) && walled.has(place);
    const here = seasons ? "hall" : inwardly ? "cosmos" : place;
    for (const [name, said] of findAttributes(narration)) told.set(name, { ...told.get(name), ...said });
    const cast = findActingPerson(narration, shown, { language, isFirstPerson, before });
    before = [...shown, ...before];
    // "A man with the head of an ass" is one.
    const isOne = shown.includes("ass");
    const things = shown
      .filter((name) => !(isOne && name === "man") && !(name === "dress" && isWorn(narration)))
      .filter((name) => isShown(name) && name !== here);
    const said = findAttributes(narration);
    const seen = [
      ...cast,
      ...things
        .slice(0, 6)
        .flatMap((name) =>
          isPerson(name)
            ? people.name(name, narration, told.get(name))
            : [nameThing(name, said.get(name), told.get(name))],
        ),
    ];
    if (seasons) seen.push(phrases.get("season") ?? "");
    const alone = dreamer === deserted ? "an empty place" : "a lone figure looking into the distance";
    const subject = seen.length > 0 ? seen.join(", ") : alone;
    const hue = told.get(here)?.colour;
    const where = `in ${phrases.get(here)}${hue ? ` where the ${here} is ${hue}` : ""}`;
    return [
      `${capital(subject)}, ${where}, ${hour === "day" ? "by day" : `at ${hour}`}.`,
      dreamer,
      composePicture(aspect, index === 0).sentence,
      `Told as: ${contentWords(narration).join(" ") || "a dream"}.`,
      `${capital(style)} style, no lettering; colours of the whole film: ${palette}.`,
    ].join(" ");
  });
}

/** "A woman in a green dress": the painter dresses the woman so. */
const isWorn = (narration: string) =>
  /(?<!\p{L})(?:in|im|wearing|wore|trug)\s+(?:(?:an?|the|her|einem|ein|ihr)\s+)?(?:\p{L}+\s+)?(?:dress|gown|kleid)/iu.test(
    narration,
  );

/** The words that carry the sentence, at most a dozen. */
function contentWords(narration: string): string[] {
  const words = [...new Intl.Segmenter("und", { granularity: "word" }).segment(narration)]
    .filter(({ isWordLike, segment }) => isWordLike && !stopWords.has(segment.toLowerCase()))
    .map(({ segment }) => segment);
  return [...new Set(words)].slice(0, 12);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
