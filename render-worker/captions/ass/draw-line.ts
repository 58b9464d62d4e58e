import { splitByFont } from "../fonts/choose-font.ts";
import type { Font } from "../fonts/font.ts";
import type { LinePiece } from "../text/fit-lines.ts";
import { escapeAss } from "./escape-ass.ts";
import { fontSize, round } from "./script.ts";

export interface LineLook {
  base: Font;
  em: number;
  language: string;
  role: "caption" | "title";
  /** All of the scene's text: tells Chinese from Japanese. */
  around: string;
}

/** How one word of a line differs from the others. */
export interface Emphasis {
  word: number;
  /** Override tags for the word and for what is not the word. */
  on: string;
  off: string;
}

/**
 * One line as ASS text. Tags stand only between words, so that letters which join are shaped together; every piece of
 * text keeps its place on the line whatever the emphasis hides or shows, as long as the emphasis does not move it.
 */
export function drawLine(line: readonly LinePiece[], look: LineLook, emphasis?: Emphasis): string {
  const text = line
    .map((piece, i) => {
      const tags = emphasis ? (piece.word === emphasis.word ? emphasis.on : emphasis.off) : "";
      const space = i === line.length - 1 || piece.joinsNext ? "" : " ";
      return `${tags ? `{${tags}}` : ""}${drawRuns(piece.text, look)}${space}`;
    })
    .join("");
  return `${markDirection(line, look.around)}${text}`;
}

const rightToLeft =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;

/** libass takes a line's direction from its first letter; a line that begins with a foreign word needs a mark. */
function markDirection(line: readonly LinePiece[], around: string): string {
  if (!line.some((piece) => rightToLeft.test(piece.text))) return "";
  const turned = [...around].filter((char) => rightToLeft.test(char)).length;
  const letters = around.match(/\p{L}/gu)?.length ?? 0;
  return turned > letters / 2 ? "\u200f" : "\u200e";
}

function drawRuns(text: string, { base, em, language, role, around }: LineLook): string {
  return splitByFont(text, language, role, around)
    .map((run) => {
      if (run.font === base) return escapeAss(run.text);
      return `${switchTo(run.font, em)}${escapeAss(run.text)}${switchTo(base, em)}`;
    })
    .join("");
}

const switchTo = (font: Font, em: number) =>
  `{\\fn${font.family}\\fs${fontSize(font, em)}\\b${font.bold ? 1 : 0}}`;

/** Where the bottom of the line's box must lie for its letters to stand on `baseline`: the deepest font decides. */
export function bottomOf(line: readonly LinePiece[], look: LineLook, baseline: number): number {
  const fonts = line.flatMap((piece) => splitByFont(piece.text, look.language, look.role, look.around));
  const descent = Math.max(look.base.descent, ...fonts.map((run) => run.font.descent));
  return round(baseline + descent * look.em);
}
