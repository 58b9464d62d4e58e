import { chooseFonts, mainFont } from "../fonts/choose-font.ts";
import { measureText } from "../fonts/measure-text.ts";
import { fitLines, textOf } from "../text/fit-lines.ts";
import { splitWords } from "../text/split-words.ts";
import { bottomOf, directionOf, drawLine, type LineLook, leadingOf } from "./draw-line.ts";
import type { Area, TextBlock } from "./keep-clear.ts";
import type { TextPlace } from "./layout.ts";
import { type AssEvent, type AssStyle, fontSize, round } from "./script.ts";

export interface TitleCard {
  text: string;
  startSeconds: number;
  endSeconds: number;
}

/** The sizes that are tried, the largest first, until one has a free place. */
const sizes = [1, 0.85, 0.7, 0.55];

/** Large letters need less line spacing than captions, by this part of an em. */
const tighter = 0.08;
const fadeMs = 500;

/**
 * The dream's title in a serif, in the middle of the picture, on as many lines as it needs: smaller where the
 * picture has no place for it else. No events for an empty title.
 *
 * @param choosePlace gets the block's size and returns the height of its middle, and whether that place is
 * free
 * @returns also the area that the title covers; null without a title
 */
export function drawTitle(
  { text, startSeconds, endSeconds }: TitleCard,
  { width, language }: { width: number; language: string },
  place: TextPlace,
  choosePlace: (block: TextBlock) => { at: number; isFree: boolean } = () => ({
    at: place.baseline,
    isFree: true,
  }),
  name = "Title",
): { style: AssStyle; events: AssEvent[]; area: Area | null } {
  const fonts = chooseFonts(text, language, "title");
  const base = mainFont(text, fonts);
  const style: AssStyle = { name, font: base, em: place.em, outline: place.em * 0.03 };
  const words = splitWords(text, language);
  if (words.length === 0) return { style, events: [], area: null };
  const layOut = (size: number) => {
    const measure = (part: string) => measureText(part, fonts) * place.em * size;
    const { lines, scale } = fitLines(words, { width: place.width, maxLines: 4, minScale: 0.45, measure });
    const look: LineLook = { fonts, base, em: place.em * size * scale, direction: directionOf(text) };
    const leading = leadingOf(lines, look) - tighter;
    const half = (((lines.length - 1) * leading + 1) / 2) * look.em;
    const widest = scale * Math.max(...lines.map((line) => measure(textOf(line))));
    return {
      lines,
      look,
      leading,
      half,
      widest,
      ...choosePlace({ width: widest, above: half, below: half }),
    };
  };
  const tried = sizes.map((size) => layOut(size));
  const chosen = tried.find(({ isFree }) => isFree) ?? (tried.at(-1) as (typeof tried)[number]);
  const { lines, look, leading, half, widest, at: middle } = chosen;
  const size = look.em < place.em ? `\\fs${fontSize(base, look.em)}` : "";
  const events = lines.flatMap((line, i): AssEvent[] => {
    const baseline = middle + (i - (lines.length - 1) / 2) * leading * look.em + 0.35 * look.em;
    const at = `\\pos(${round(width / 2)},${bottomOf(line, look, baseline)})${size}`;
    const drawn = drawLine(line, look);
    const glow = `\\1a&HFF&\\3a&H60&\\bord${round(look.em * 0.1)}\\blur${round(look.em * 0.12)}`;
    const times = { startSeconds, endSeconds, style: name };
    return [
      { ...times, layer: 3, text: `{${at}${glow}\\fad(${fadeMs},${fadeMs})}${drawn}` },
      { ...times, layer: 4, text: `{${at}\\blur1.2\\fad(${fadeMs},${fadeMs})}${drawn}` },
    ];
  });
  const area = { x: (width - widest) / 2, y: middle - half, width: widest, height: 2 * half };
  return { style, events, area };
}
