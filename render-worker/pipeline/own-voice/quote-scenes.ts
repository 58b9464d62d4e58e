/**
 * Makes a storyboard quote what was told. The text model is asked to quote, and its scenes say where each
 * begins; but the narrations themselves are taken from the placed words, so that together they are the whole
 * text in order.
 */
import type { Storyboard } from "../../../contract/storyboard.ts";
import { soundOf } from "../../captions/text/compare-words.ts";
import { endsSentence } from "../../captions/text/group-words.ts";
import { matchWords } from "../../captions/text/match-words.ts";
import { splitWords } from "../../captions/text/split-words.ts";
import { joinWords } from "../../captions/timed-word.ts";
import type { PlacedWord } from "../own-narration.ts";

/** Below this share of equal words the model's scenes do not say where they begin. */
const leastQuoted = 0.3;
/** How far a scene's start moves to a pause, in words. */
const reach = 4;
/**
 * A pause of a second, a sentence's end and a comma, in the same unit; and what each word of distance costs.
 */
const worth = { second: 1, sentence: 0.45, comma: 0.15, word: 0.09 };
const longestPause = 0.8;

/** The storyboard with its narrations taken from `words`. A scene for which no words are left is dropped. */
export function quoteScenes(
  storyboard: Storyboard,
  words: readonly PlacedWord[],
  language: string,
): Storyboard {
  const starts = snapToPauses(findStarts(storyboard, words, language), words);
  const scenes = storyboard.scenes.flatMap((scene, index) => {
    const from = starts[index];
    if (from === null || from === undefined) return [];
    const next = starts.slice(index + 1).find((start) => start !== null) ?? words.length;
    return [{ ...scene, narration: joinWords(words.slice(from, next)) }];
  });
  return { ...storyboard, scenes };
}

/** Why the answer does not quote `words`, as a text for the text model; null if it does. */
export function explainMisquote(
  storyboard: Storyboard,
  words: readonly PlacedWord[],
  language: string,
): string | null {
  const said = storyboard.scenes.map(({ narration }) => narration).join(" ");
  if (soundOf(said, language) === soundOf(joinWords(words), language)) return null;
  return "The narrations, one after the other, are not the transcript word for word.";
}

/** The word with which each scene begins, rising; null for a scene that has none. */
function findStarts(
  { scenes }: Storyboard,
  words: readonly PlacedWord[],
  language: string,
): (number | null)[] {
  const key = (text: string) => soundOf(text, language) || text;
  const quoted = scenes.flatMap(({ narration }, scene) =>
    splitWords(narration, language).map(({ text }, place) => ({ key: key(text), scene, place })),
  );
  const first = new Map<number, { at: number; place: number }>();
  const last = new Map<number, number>();
  let equal = 0;
  const keys = words.map(({ text }) => key(text));
  for (const { isEqual, a, b } of matchWords(
    quoted.map((word) => word.key),
    keys,
  )) {
    if (!isEqual) continue;
    equal += a[1] - a[0];
    for (let i = a[0]; i < a[1]; i++) {
      const { scene, place } = quoted[i] as (typeof quoted)[number];
      const at = b[0] + i - a[0];
      if (!first.has(scene)) first.set(scene, { at, place });
      last.set(scene, at);
    }
  }
  if (equal < leastQuoted * words.length) return shareByLength(scenes, words.length);
  let before = -1;
  let isFirst = true;
  return scenes.map((_, scene) => {
    const found = first.get(scene);
    if (!found) return null;
    const start = isFirst ? 0 : Math.min(found.at, Math.max(before + 1, found.at - found.place));
    isFirst = false;
    before = last.get(scene) as number;
    return start;
  });
}

function shareByLength(scenes: Storyboard["scenes"], count: number): (number | null)[] {
  const total = scenes.reduce((sum, { narration }) => sum + narration.length, 0);
  let before = 0;
  let taken = -1;
  return scenes.map(({ narration }) => {
    const start = Math.round((before / total) * count);
    before += narration.length;
    if (start <= taken || start >= count) return null;
    taken = start;
    return start;
  });
}

/** Moves each start but the first to the best pause near it. */
function snapToPauses(starts: readonly (number | null)[], words: readonly PlacedWord[]): (number | null)[] {
  const snapped = [...starts];
  for (const [index, start] of snapped.entries()) {
    if (start === null || start === 0) continue;
    const before = snapped.slice(0, index).findLast((one) => one !== null) ?? 0;
    const after = snapped.slice(index + 1).find((one) => one !== null) ?? words.length;
    let best = { at: start, value: worthOf(start, start, words) };
    for (let at = Math.max(before + 1, start - reach); at <= Math.min(after - 1, start + reach); at++) {
      const value = worthOf(at, start, words);
      if (value > best.value) best = { at, value };
    }
    snapped[index] = best.at;
  }
  return snapped;
}

function worthOf(at: number, asked: number, words: readonly PlacedWord[]): number {
  const [before, next] = [words[at - 1] as PlacedWord, words[at] as PlacedWord];
  const pause = before.part === next.part ? next.startSeconds - before.endSeconds : longestPause;
  const isSentence = endsSentence(before.text, next.text);
  const mark = isSentence ? worth.sentence : /[,;:、，；：،]\P{L}*$/u.test(before.text) ? worth.comma : 0;
  return worth.second * Math.min(longestPause, pause) + mark - worth.word * Math.abs(at - asked);
}
