/** Where and when a picture is, by what its sentence names. */
import { findConcepts } from "../text/find-concepts.ts";

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

export const places = new Set([
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
export const hours = new Set(["night", "dusk", "dawn", "day"]);
/** The first place that is named; else the first that a thing implies. */
export function findFirstPlace(narrations: readonly string[]): string | undefined {
  const shown = narrations.map(findConcepts);
  const hinted = (names: string[]) => looseHomes.find(([thing]) => names.includes(thing))?.[1] ?? null;
  const first = shown[0] ?? [];
  const near = findPlace(first) ?? hinted(first);
  return near ?? shown.map(findPlace).find(Boolean) ?? shown.map(hinted).find(Boolean) ?? undefined;
}

/** The place that is named, or that a thing needs; null if there is none. */
export function findPlace(shown: readonly string[]): string | null {
  const named = shown.find((name) => places.has(name));
  if (!named && shown.includes("ghost") && shown.includes("house")) return "meadow";
  return named ?? homes.find(([thing]) => shown.includes(thing))?.[1] ?? null;
}

/** A dream that names no hour begins at dusk, goes through the night and ends at dawn. */
export const hourOfScene = (progress: number) =>
  progress < 0.35 ? "dusk" : progress < 0.8 ? "night" : "dawn";

/** The hour that the narration tells, or null. */
export function findHour(narration: string, shown: readonly string[]): string | null {
  if (shown.includes("sun") && /\b(?:set|sank|sinks|down|setting)\b/iu.test(narration)) return "dusk";
  return (
    shown.find((name) => hours.has(name)) ??
    (shown.includes("sleeping") || shown.includes("moon") ? "night" : null)
  );
}
