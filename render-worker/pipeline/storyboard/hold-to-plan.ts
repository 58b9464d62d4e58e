/**
 * Cuts a storyboard to its plan, so that the film is about as long as asked and costs no more than estimated.
 */
import { limits } from "../../../contract/limits.ts";
import { measureText } from "../../../contract/measure-text.ts";
import type { Storyboard } from "../../../contract/storyboard.ts";
import type { StoryboardBounds } from "../../../contract/storyboard-plan.ts";

type Scene = Storyboard["scenes"][number];
type NarrationBounds = Pick<StoryboardBounds, "words" | "characters" | "narrationChars">;

/** What exceeds the bounds, as a text for the text model; null if the narration fits. */
export function explainExcess({ scenes }: Storyboard, bounds: StoryboardBounds): string | null {
  const narration = scenes.map((scene) => scene.narration).join(" ");
  if (isWithin(narration, bounds)) return null;
  const { isSpaceless, characters, words } = measureText(narration);
  return isSpaceless
    ? `It has ${characters} characters of narration in ${scenes.length} scenes; at most ${bounds.characters} in ${bounds.scenes} fit.`
    : `It has ${words} words of narration in ${scenes.length} scenes; at most ${bounds.words} in ${bounds.scenes} fit.`;
}

/**
 * The storyboard within its bounds. Too many scenes are merged with their neighbours. If the narration is too
 * long, every scene keeps its first sentences; a picture prompt keeps its first words. Everything within its
 * bounds stays as it is.
 */
export function holdToPlan(storyboard: Storyboard, bounds: StoryboardBounds): Storyboard {
  const merged = mergeScenes(storyboard.scenes, bounds.scenes);
  const narration = merged.map((scene) => scene.narration).join(" ");
  const isShort =
    isWithin(narration, bounds) &&
    merged.every((scene) => [...scene.narration].length <= limits.sceneTextChars);
  const scenes = (isShort ? merged : cutNarrations(merged, bounds)).map((scene) => ({
    ...scene,
    picture: cutToBytes(scene.picture, bounds.pictureBytes),
  }));
  return { ...storyboard, scenes };
}

/** The same without cutting a narration: only the number of scenes and the picture prompts are held. */
export const holdPictures = (storyboard: Storyboard, bounds: StoryboardBounds): Storyboard => ({
  ...storyboard,
  scenes: mergeScenes(storyboard.scenes, bounds.scenes).map((scene) => ({
    ...scene,
    picture: cutToBytes(scene.picture, bounds.pictureBytes),
  })),
});

/** Scenes are joined by a space, and the bounds count it. */
function isWithin(
  text: string,
  bounds: NarrationBounds,
  isSpaceless = measureText(text).isSpaceless,
): boolean {
  const { characters, words } = measureText(text);
  const isShort = isSpaceless ? characters <= bounds.characters : words <= bounds.words;
  return isShort && [...text].length <= bounds.narrationChars;
}

function mergeScenes(scenes: readonly Scene[], most: number): Scene[] {
  if (scenes.length <= most) return [...scenes];
  return Array.from({ length: most }, (_, index) => {
    const part = scenes.slice(
      Math.floor((index * scenes.length) / most),
      Math.floor(((index + 1) * scenes.length) / most),
    );
    return { ...(part[0] as Scene), narration: part.map(({ narration }) => narration).join(" ") };
  });
}

/** Every scene gets an equal share of what the scenes before it left. */
function cutNarrations(scenes: readonly Scene[], bounds: NarrationBounds): Scene[] {
  const { isSpaceless } = measureText(scenes.map(({ narration }) => narration).join(" "));
  const left = { ...bounds };
  const cut = scenes.map((scene, index) => {
    const share = (amount: number) => Math.floor(amount / (scenes.length - index));
    const shares = {
      words: share(left.words),
      characters: share(left.characters),
      // One character for the space to the next scene's text.
      narrationChars: Math.min(limits.sceneTextChars, share(left.narrationChars) - 1),
    };
    const narration = cutText(scene.narration, (text) => isWithin(text, shares, isSpaceless));
    const { characters, words } = measureText(narration);
    left.words -= words;
    left.characters -= characters;
    left.narrationChars -= [...narration].length + 1;
    return { ...scene, narration };
  });
  return cut.filter(({ narration }) => narration !== "");
}

/** As many whole sentences as fit, or else words, or else characters, with "…" at the cut. */
function cutText(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const start = text.slice(0, longestUnits);
  for (const granularity of ["sentence", "word", "grapheme"] as const) {
    const close = (end: number) =>
      granularity === "sentence"
        ? start.slice(0, end).trim()
        : `${start.slice(0, end).replace(looseEnd, "")}…`;
    const segments = new Intl.Segmenter("und", { granularity }).segment(start);
    const ends = Array.from(segments, ({ index, segment }) => index + segment.length);
    const kept = close(ends[countFitting(ends, (end) => fits(close(end))) - 1] ?? 0);
    if (/[\p{L}\p{N}]/u.test(kept)) return kept;
  }
  return "";
}

/** An upper bound of the kept text, in UTF-16 code units. */
const longestUnits = 2 * limits.sceneTextChars;
const looseEnd = /(?<![\s\p{P}])[\s\p{P}]+$/u;

/** How many of the ends fit, by bisection: each end is longer than the one before. */
function countFitting(ends: readonly number[], fits: (end: number) => boolean): number {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(ends[middle - 1] as number)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const cutToBytes = (text: string, most: number) =>
  cutText(text, (part) => new TextEncoder().encode(part).length <= most);
