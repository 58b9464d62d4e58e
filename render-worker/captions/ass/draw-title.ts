import { chooseFont } from "../fonts/choose-font.ts";
import { measureText } from "../fonts/measure-text.ts";
import { cleanText } from "../text/clean-text.ts";
import { fitLines } from "../text/fit-lines.ts";
import { splitWords } from "../text/split-words.ts";
import { bottomOf, drawLine, type LineLook } from "./draw-line.ts";
import type { TextPlace } from "./layout.ts";
import { type AssEvent, type AssStyle, fontSize, round } from "./script.ts";

export interface TitleCard {
  text: string;
  startSeconds: number;
  endSeconds: number;
}

const leading = 1.22;
const fadeMs = 500;

/** The dream's title in a serif, in the picture's middle, on as many lines as it needs. Nothing for an empty title. */
export function drawTitle(
  title: TitleCard,
  { width, language, undrawable }: { width: number; language: string; undrawable?: ReadonlySet<string> },
  place: TextPlace,
): { style: AssStyle; events: AssEvent[] } {
  const text = cleanText(title.text, undrawable);
  const base = chooseFont(text, language, "title");
  const style: AssStyle = {
    name: "Title",
    font: base,
    em: place.em,
    outline: place.em * 0.03,
    shadow: place.em * 0.04,
    alignment: 2,
  };
  const words = splitWords(text, language);
  if (words.length === 0) return { style, events: [] };
  const measure = (part: string) => measureText(part, language) * place.em;
  const { lines, scale } = fitLines(words, { width: place.width, maxLines: 4, minScale: 0.45, measure });
  const look: LineLook = { base, em: place.em * scale, language, role: "title", around: text };
  const size = scale < 1 ? `\\fs${fontSize(base, look.em)}` : "";
  const events = lines.map((line, i): AssEvent => {
    const baseline = place.baseline + (i - (lines.length - 1) / 2) * leading * look.em + 0.35 * look.em;
    const at = `\\pos(${round(width / 2)},${bottomOf(line, look, baseline)})${size}`;
    return {
      layer: 2,
      startSeconds: title.startSeconds,
      endSeconds: title.endSeconds,
      style: "Title",
      text: `{${at}\\blur0.8\\fad(${fadeMs},${fadeMs})}${drawLine(line, look)}`,
    };
  });
  return { style, events };
}
