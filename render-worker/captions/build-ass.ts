import { type CaptionLook, drawCaptions } from "./ass/draw-captions.ts";
import { drawTitle, type TitleCard } from "./ass/draw-title.ts";
import { layOut } from "./ass/layout.ts";
import { writeScript } from "./ass/script.ts";
import { cleanText } from "./text/clean-text.ts";
import type { TimedWord } from "./timed-word.ts";

export type { TitleCard } from "./ass/draw-title.ts";

export interface AssInput {
  words: readonly TimedWord[];
  /** "karaoke": a few large words at a time. "sentence": whole lines at the bottom. Both mark the word being said. */
  style: CaptionLook;
  /** Of the film, in pixels. */
  width: number;
  height: number;
  /** BCP 47 tag of the words. */
  language: string;
  /** Seconds of the scene before its narration starts; added to every word's times. */
  leadInSeconds?: number;
  /** Over the picture's middle; times from the scene's start. */
  title?: TitleCard | undefined;
  /** Characters to leave out because no font draws them, from `findMissingGlyphs`. */
  undrawable?: ReadonlySet<string> | undefined;
}

/**
 * One scene's captions (and title) as an ASS script for libass, times from the scene's start. What users wrote is
 * shown as typed and can be no markup. Pure; the same input gives the same bytes.
 */
export function buildAss(input: AssInput): string {
  const { width, height, style, undrawable, leadInSeconds = 0, title } = input;
  const layout = layOut(width, height);
  const words = cleanWords(input.words, leadInSeconds, undrawable);
  const drawn = [drawCaptions(words, style, input, layout[style])];
  if (title)
    drawn.push(drawTitle({ ...title, text: cleanText(title.text, undrawable) }, input, layout.title));
  const styles = drawn.map((part) => part.style);
  const events = drawn.flatMap((part) => part.events);
  return writeScript({ width, height }, styles, events);
}

/** A word of which nothing can be shown gives its time to the word before it. */
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
