/**
 * Gives the words of the owner's text the times of the words that are heard. The text may differ: the owner
 * corrected a word, deleted a sentence, or wrote what was never said.
 */
import { soundOf } from "../../captions/text/compare-words.ts";
import { matchWords } from "../../captions/text/match-words.ts";
import type { TimedWord } from "../../captions/timed-word.ts";
import type { HeardWord, PlacedWord, Placement } from "../own-narration.ts";

export interface ShownWord extends Pick<TimedWord, "text" | "joinsNext"> {
  /** Counted from 0. */
  scene: number;
}

/** So many words are said in the time of their neighbour; a longer insertion was written, not said. */
const mostInserted = 3;
/** A shorter run is a filler, such as "um" or "you know", which may stay. */
const leastDeleted = 3;
/** A correction of at most so many words is believed if it is about as long as what is heard. */
const shortCorrection = 3;
/** The share of a longer correction's letters that must be those of what is heard. */
const leastLikeness = 0.5;

/** Places the words of `shown` in the sound. `language` decides how figures and contractions are compared. */
export function placeWords(
  shown: readonly ShownWord[],
  heard: readonly HeardWord[],
  language: string,
): Placement {
  const key = ({ text }: { text: string }) => soundOf(text, language) || text;
  const placement: Placement = { words: [], deleted: [], unheard: 0, reworded: new Set() };
  for (const { isEqual, a, b } of matchWords(shown.map(key), heard.map(key))) {
    const [text, sound] = [shown.slice(...a), heard.slice(...b)];
    if (isEqual) placement.words.push(...text.map((word, i) => ({ ...(sound[i] as HeardWord), ...word })));
    else placeOther(text, sound, placement);
  }
  return placement;
}

function placeOther(text: readonly ShownWord[], sound: readonly HeardWord[], placement: Placement): void {
  const { words } = placement;
  if (text.length === 0) {
    if (sound.length >= leastDeleted) placement.deleted.push([...sound]);
  } else if (sound.length === 0) {
    const before = words.at(-1);
    if (before === undefined || text.length > mostInserted) placement.unheard += text.length;
    else {
      words.pop();
      words.push(...share([before, ...text], [before]));
    }
  } else if (isCorrection(text, sound)) words.push(...share(text, sound));
  else {
    for (const [i, word] of sound.entries()) {
      const scene = (text[Math.floor((i * text.length) / sound.length)] as ShownWord).scene;
      words.push({ ...word, scene });
      placement.reworded.add(scene);
    }
  }
}

/** Whether the text is another spelling of what is heard, rather than other words. */
function isCorrection(text: readonly ShownWord[], sound: readonly HeardWord[]): boolean {
  const [written, heard] = [lettersOf(text), lettersOf(sound)];
  const isAsLong = written.length <= 2.5 * heard.length + 4 && heard.length <= 2.5 * written.length + 4;
  if (!isAsLong) return false;
  if (text.length <= shortCorrection && sound.length <= shortCorrection) return true;
  const equal = matchWords(written, heard).reduce(
    (sum, { isEqual, a }) => sum + (isEqual ? a[1] - a[0] : 0),
    0,
  );
  return equal / Math.max(written.length, heard.length) >= leastLikeness;
}

const lettersOf = (words: readonly { text: string }[]) => [
  ...words.map(({ text }) => soundOf(text, "und")).join(""),
];

/** Shares the time of what is heard among the words of the text, by their letters. */
function share(text: readonly ShownWord[], sound: readonly HeardWord[]): PlacedWord[] {
  const letters = text.map((word) => [...word.text].length + 1);
  const total = letters.reduce((sum, count) => sum + count, 0);
  const spoken = sound.reduce((sum, { startSeconds, endSeconds }) => sum + endSeconds - startSeconds, 0);
  let before = 0;
  return text.map((word, i) => {
    const [from, to] = [before, before + (letters[i] as number)].map((count) => (count / total) * spoken);
    before += letters[i] as number;
    const start = placeAt(sound, from as number);
    const end = placeAt(sound, to as number, true);
    // A word across two recordings is shown where it begins.
    const endSeconds = end.part === start.part ? end.seconds : start.word.endSeconds;
    return { ...word, part: start.part, startSeconds: start.seconds, endSeconds };
  });
}

/** Where so many seconds of speech have passed; at a border the earlier word's end if `isEnd`. */
function placeAt(sound: readonly HeardWord[], spoken: number, isEnd = false) {
  let left = spoken;
  for (const [i, word] of sound.entries()) {
    const length = word.endSeconds - word.startSeconds;
    const isHere = isEnd ? left <= length + 1e-9 : left < length - 1e-9;
    if (isHere || i === sound.length - 1)
      return { word, part: word.part, seconds: word.startSeconds + Math.min(left, length) };
    left -= length;
  }
  throw new Error("no sound");
}
