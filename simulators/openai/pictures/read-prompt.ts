import { chanceOf, hash32 } from "../chance.ts";
import { paletteNames } from "../palette-names.ts";
import { colourNames, findAttributes } from "../text/find-attributes.ts";
import { findConcepts } from "../text/find-concepts.ts";
import { lexicon } from "../text/lexicon.ts";
import { type Hour, mixPalette, type Palette } from "./palettes.ts";
import { readCompany } from "./read-company.ts";
import type { Dreamer, PlaceName, Scene, StyleName } from "./scene.ts";

/** Reads a prompt's scene and palette. A prompt without a known word gives a landscape. */
export function readPrompt(prompt: string): { scene: Scene; palette: Palette } {
  const { words, shown } = readConcepts(prompt);
  const attributes = findAttributes(withoutStyle(prompt));
  const style = styleOf(prompt);
  const seed = hash32(words);
  const hour = hourOf(shown, style, seed);
  const place = placeOf(shown, seed);
  const film = prompt.split(/(?<=[.!?。])\s+/u).at(-1) ?? "";
  const palette = mixPalette(prompt, hash32(`${style} ${film.slice(-80)}`), hour);
  return {
    scene: {
      place,
      hour,
      style,
      shown,
      attributes,
      dreamer: dreamerOf(prompt),
      company: readCompany(withoutStyle(prompt), shown, attributes),
      people: new Map(),
      isDeserted: deserted.test(prompt),
      ...clearOf(prompt),
    },
    palette,
  };
}

/**
 * Removes words about style. A phrase of the simulator's own storyboards stands for its concept; all other
 * words are looked up one by one.
 */
function readConcepts(prompt: string): { words: string; shown: Set<string> } {
  let rest = withoutStyle(prompt);
  const shown = new Set<string>();
  if (/\bthe dreamer\b/iu.test(rest)) shown.add("dreamer");
  for (const { name, phrase } of phrasesLongestFirst) {
    const at = rest.toLowerCase().indexOf(phrase);
    if (at < 0) continue;
    shown.add(name);
    rest = `${rest.slice(0, at)} ${rest.slice(at + phrase.length)}`;
  }
  for (const name of findConcepts(rest)) shown.add(name);
  return { words: rest, shown };
}

/**
 * The prompt's words about what is seen. The simulator's storyboards repeat the narration after "Told as".
 */
function withoutStyle(prompt: string): string {
  let rest = prompt
    .replace(/\bstyle\s*:.*$/isu, " ")
    .replace(/\btold as: [^.]*\./iu, " ")
    .replace(/\bno (?:text|letter\w*|words?|captions?|watermarks?)\b/giu, " ")
    .replace(composition, " ")
    .replace(deserted, " ")
    .replace(dress, " ");
  for (const name of paletteNames) rest = rest.replaceAll(name, " ");
  for (const [, pattern] of stylePatterns) rest = rest.replace(pattern, " ");
  return rest;
}

const dress = /\bthe dreamer has (long|short) hair and an? (\w+) coat\./iu;

const deserted = /\bnobody is in sight\./iu;

const composition =
  /\bthe whole subject stands (?:below the highest (fifth|quarter) and )?above the lowest (quarter|third)[^.]*\./iu;

/** The parts of the picture that the prompt keeps free. */
function clearOf(prompt: string): Pick<Scene, "clear" | "clearAbove"> {
  const [, top, lowest] = composition.exec(prompt) ?? [];
  return {
    clear: (lowest?.toLowerCase() as "quarter" | "third" | undefined) ?? "nothing",
    clearAbove: (top?.toLowerCase() as "fifth" | "quarter" | undefined) ?? "nothing",
  };
}

/** The dreamer's looks, as the prompt tells them. */
function dreamerOf(prompt: string): Dreamer {
  const [, hair, coat] = dress.exec(prompt) ?? [];
  const colour = colourNames.find((name) => name === coat?.toLowerCase()) ?? null;
  return { hair: hair?.toLowerCase() === "short" ? "short" : "long", coat: colour };
}

const phrasesLongestFirst = lexicon
  .filter(({ phrase }) => phrase.includes(" "))
  .toSorted((a, b) => b.phrase.length - a.phrase.length);

const stylePatterns: readonly [StyleName, RegExp][] = [
  ["watercolor", /water\s?colou?r\w*|aquarell\w*/giu],
  ["oil-painting", /\boil[- ]?(?:paint\w*|on canvas)|impasto/giu],
  ["ink", /\b(?:ink|sumi-?e|ink[- ]wash)\b(?: (?:drawing|painting))?/giu],
  ["storybook", /story-?\s?book|picture[- ]book|children'?s book|gouache/giu],
  ["noir", /\b(?:film )?noir\b|black[- ]and[- ]white/giu],
  ["anime", /\banime\b|manga|cel[- ]shaded/giu],
  ["photographic", /photo(?:graph\w*|realis\w*|real)?\b|cinematic (?:still|shot)/giu],
  ["dreamlike", /dream-?like|surreal\w*/giu],
];

/** The last style counts, because prompts end with the style. */
function styleOf(prompt: string): StyleName {
  const last = stylePatterns
    .map(([name, pattern]) => ({ name, at: [...prompt.matchAll(pattern)].at(-1)?.index ?? -1 }))
    .reduce((best, next) => (next.at > best.at ? next : best));
  return last.at >= 0 ? last.name : "dreamlike";
}

function hourOf(shown: ReadonlySet<string>, style: StyleName, seed: number): Hour {
  for (const hour of ["night", "dusk", "dawn", "day"] as const) if (shown.has(hour)) return hour;
  if (["moon", "star", "aurora", "terror", "ghost", "sleeping", "candle"].some((name) => shown.has(name)))
    return "night";
  if (style === "noir") return "night";
  return chanceOf(`hour ${seed}`).pick(["dusk", "dawn", "day", "dusk"]);
}

const homes: readonly [readonly string[], PlaceName][] = [
  [["laboratory"], "laboratory"],
  [["underwater"], "underwater"],
  [["room"], "room"],
  [["hall"], "hall"],
  [["street"], "street"],
  [["forest"], "forest"],
  [["desert"], "desert"],
  [["city"], "city"],
  [["sea"], "sea"],
  [["meadow"], "meadow"],
  [["mountain"], "mountains"],
  [["cosmos"], "cosmos"],
  [["engine"], "laboratory"],
  [["bed", "pillow"], "room"],
  [["cloud", "heaven"], "clouds"],
  [["boat", "lighthouse", "whale"], "sea"],
  [["owl"], "forest"],
  [["fish", "swimming"], "underwater"],
  [["ass", "fool", "deer", "wolf"], "forest"],
  [["ladder", "stone"], "desert"],
  [["lantern", "tower"], "street"],
  [["tree", "flower", "house", "horse", "donkey", "dog", "rabbit", "child", "joy", "butterfly"], "meadow"],
  [["snow", "river", "bridge", "water"], "mountains"],
  [["stairs", "mirror", "book", "clock", "running"], "hall"],
  [["window", "candle", "glass"], "room"],
  [["eye", "ear", "hand", "heart", "vision", "star"], "cosmos"],
  [["flying", "falling", "angel", "light"], "clouds"],
];

function placeOf(shown: ReadonlySet<string>, seed: number): PlaceName {
  if (shown.has("season") && (shown.has("window") || !shown.has("tree"))) return "windows";
  const home = homes.find(([names]) => names.some((name) => shown.has(name)));
  return (
    home?.[1] ??
    chanceOf(`place ${seed}`).pick(["sea", "mountains", "clouds", "meadow", "desert", "hall", "forest"])
  );
}
