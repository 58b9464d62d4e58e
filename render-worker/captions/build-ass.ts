import type { BurntInStyle } from "../../contract/caption-style.ts";
import { drawCaptions } from "./ass/draw-captions.ts";
import { drawTitle, type TitleCard } from "./ass/draw-title.ts";
import { type Area, keepClear, type TextBlock } from "./ass/keep-clear.ts";
import { layOut } from "./ass/layout.ts";
import { type AssEvent, type AssStyle, writeScript } from "./ass/script.ts";
import { cleanText } from "./text/clean-text.ts";
import type { TimedWord } from "./timed-word.ts";

export type { TitleCard } from "./ass/draw-title.ts";

/** A box in parts of the film's width and height, from the top left. */
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface AssInput {
  words: readonly TimedWord[];
  /** How the words are grouped and shown; every style marks the spoken word. */
  style: BurntInStyle;
  /** The film's size in pixels. */
  width: number;
  height: number;
  /** The BCP 47 tag of the words. */
  language: string;
  /** The seconds of the scene before its narration starts; added to every word's times. */
  leadInSeconds?: number;
  /** Shown over the middle of the picture; times from the scene's start. */
  title?: TitleCard | undefined;
  /** Where the subject is during the scene, in parts of the film's size: the words stay clear of it. */
  subject?: Box | null | undefined;
  /**
   * How much attracts the eye in each of the equal bands of the film, from the top: it decides if the subject leaves no
   * free place.
   */
  busy?: readonly number[];
  /** Characters that no font draws, from `findMissingGlyphs`; they are left out. */
  undrawable?: ReadonlySet<string> | undefined;
}

/**
 * One scene's captions (and title) as an ASS script for libass, with times from the scene's start. Text of
 * users is shown as typed and cannot be markup. Pure: the same input gives the same bytes.
 */
export function buildAss(input: AssInput): string {
  const { width, height, style, undrawable, leadInSeconds = 0, title } = input;
  const layout = layOut(width, height);
  const words = cleanWords(input.words, leadInSeconds, undrawable);
  const subject = input.subject ? [scaleArea(input.subject, width, height)] : [];
  const place =
    (usual: number, taken: Area | null = null) =>
    (block: TextBlock) =>
      keepClear(block, usual, subject, { ...input, safe: layout.safe, taken });
  const captions = drawCaptions(words, style, input, layout[style], place(layout[style].baseline));
  const drawn: { style: AssStyle; events: AssEvent[] }[] = [captions];
  if (title) {
    const card = { ...title, text: cleanText(title.text, undrawable) };
    drawn.push(drawTitle(card, input, layout.title, place(layout.title.baseline, captions.area)));
  }
  const styles = drawn.map((part) => part.style);
  const events = drawn.flatMap((part) => part.events);
  return writeScript({ width, height }, styles, events);
}

const scaleArea = ({ x, y, w, h }: Box, width: number, height: number): Area => ({
  x: x * width,
  y: y * height,
  width: w * width,
  height: h * height,
});

/** Removes words of which nothing can be shown. */
function cleanWords(
  words: readonly TimedWord[],
  leadInSeconds: number,
  undrawable: ReadonlySet<string> | undefined,
): TimedWord[] {
  return words
    .map((word) => ({
      ...word,
      text: cleanText(word.text, undrawable),
      startSeconds: word.startSeconds + leadInSeconds,
      endSeconds: word.endSeconds + leadInSeconds,
    }))
    .filter((word) => word.text !== "");
}
