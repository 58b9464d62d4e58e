import type { BurntInStyle } from "../../contract/caption-style.ts";
import { captionLooks } from "./ass/caption-looks.ts";
import { drawCaptions } from "./ass/draw-captions.ts";
import { drawTitle, type TitleCard } from "./ass/draw-title.ts";
import {
  type Area,
  apart,
  areaOf,
  keepClear,
  overlap,
  type Screen,
  type TextBlock,
} from "./ass/keep-clear.ts";
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
  /** The title again, over black at the end of the film. */
  endCard?: TitleCard | undefined;
  /** Where the subject is during the scene, in parts of the film's size: the words stay clear of it. */
  subject?: Box | null | undefined;
  /**
   * How much attracts the eye in each of the equal bands of the film, from the top: it decides if the subject
   * leaves no free place.
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
  const { width, height, style, undrawable, leadInSeconds = 0, title, endCard } = input;
  const look = captionLooks[style];
  const layout = layOut(width, height, look);
  const words = cleanWords(input.words, leadInSeconds, undrawable);
  const subject = input.subject ? [scaleArea(input.subject, width, height)] : [];
  const screen = { ...input, safe: layout.safe };
  const place =
    (usual: number) =>
    (block: TextBlock): number =>
      keepClear(block, usual, subject, screen);
  const captions = drawCaptions(words, look, input, layout.captions, place(layout.captions.baseline));
  const titles: { style: AssStyle; events: AssEvent[] }[] = [];
  if (title) {
    const card = { ...title, text: cleanText(title.text, undrawable) };
    const beside = { subject, taken: captions.area, screen };
    titles.push(drawTitle(card, input, layout.title, placeTitle(layout.title.baseline, beside)));
  }
  if (endCard) {
    const card = { ...endCard, text: cleanText(endCard.text, undrawable) };
    const place = { ...layout.title, em: layout.title.em * endCardSize };
    titles.push(drawTitle(card, input, place, undefined, "EndCard"));
  }
  const styles = [...captions.styles, ...titles.map((title) => title.style)];
  const events = [captions, ...titles].flatMap((part) => part.events);
  return writeScript({ width, height }, styles, events);
}

/** The end card's letters beside the title's: it is read in the dark, after the film. */
const endCardSize = 0.7;

/**
 * Where a title stands: clear of the subject with room above and below it, and above the captions, if there
 * is such a place. Below the captions it is read as their second line. If there is none, it stands at the
 * top, where a first picture has room for it, or if the subject is there, where it covers the least of it.
 */
export const placeTitle =
  (usual: number, beside: { subject: readonly Area[]; taken: Area | null; screen: Screen }) =>
  (block: TextBlock): { at: number; isFree: boolean } => {
    const { subject, taken, screen } = beside;
    const { safe } = screen;
    const bottom = taken === null ? safe.bottom : taken.y - apart * taken.height;
    const hasRoomAbove = bottom - safe.top >= block.above + block.below;
    const heights = hasRoomAbove ? { ...safe, bottom: Math.min(safe.bottom, bottom) } : safe;
    // The usual place may be too low for a block of this height.
    const lowest = Math.min(usual, heights.bottom - block.below);
    // What is busy in the picture may be its calmest head.
    const clearOf = (areas: readonly Area[]) =>
      keepClear(block, lowest, areas, { ...screen, safe: heights, busy: [], taken });
    const isFree = (at: number, areas: readonly Area[]) =>
      [...areas, ...(taken ? [taken] : [])].every(
        (area) => overlap(areaOf(block, at, screen.width), area) === 0,
      );
    const withRoom = subject.map((area) => addRoom(area, screen));
    const clear = clearOf(withRoom);
    if (isFree(clear, withRoom)) return { at: clear, isFree: true };
    const top = heights.top + block.above;
    return { at: isFree(top, subject) ? top : clearOf(subject), isFree: false };
  };

/**
 * What is found of a subject may begin below the top of its head and end above its feet, as often where it
 * stands before a bright sky on dark ground.
 *
 * @source `npm run bench -- framing`, 2026-11-28: 0.03 to 0.09 of the film's height in the scenes that were
 * found so
 */
const room = { above: 0.1, below: 0.07 };

function addRoom(area: Area, { height }: Screen): Area {
  const top = Math.max(0, area.y - room.above * height);
  return { ...area, y: top, height: area.y + area.height + room.below * height - top };
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
