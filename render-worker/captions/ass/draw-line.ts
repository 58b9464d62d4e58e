import { type FontChoice, splitByFont } from "../fonts/choose-font.ts";
import type { Font } from "../fonts/font.ts";
import type { LinePiece } from "../text/fit-lines.ts";
import { escapeAss } from "./escape-ass.ts";
import { fontSize, round } from "./script.ts";

export interface LineLook {
  fonts: FontChoice;
  /** The style's own font. */
  base: Font;
  em: number;
  direction: Direction;
}

/** How one word of a line differs from the others. */
export interface Emphasis {
  word: number;
  /** Override tags for that word and for the rest of the line. */
  on: string;
  off: string;
}

/**
 * One line as ASS text. Tags stand only between words, so that joined letters are shaped together. Every
 * piece of text keeps its position whatever the emphasis shows or hides, unless the emphasis moves it.
 */
export function drawLine(line: readonly LinePiece[], look: LineLook, emphasis?: Emphasis): string {
  const text = line.map((piece, i) => {
    const tags = emphasis ? (piece.word === emphasis.word ? emphasis.on : emphasis.off) : "";
    const space = i === line.length - 1 || piece.joinsNext ? "" : " ";
    return `${tags ? `{${tags}}` : ""}${drawRuns(piece.text, look)}${space}`;
  });
  const isMixed = line.some((piece) => turned.test(piece.text));
  return `${isMixed ? directionMarks[look.direction] : ""}${text.join("")}`;
}

export type Direction = "left-to-right" | "right-to-left";

const turned =
  /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
/** libass takes a line's direction from its first letter, which may belong to a foreign word. */
const directionMarks: Record<Direction, string> = { "left-to-right": "\u200e", "right-to-left": "\u200f" };

/** The direction of most of the letters. */
export function directionOf(text: string): Direction {
  const letters = text.match(/\p{L}/gu) ?? [];
  const against = letters.filter((letter) => turned.test(letter)).length;
  return against > letters.length / 2 ? "right-to-left" : "left-to-right";
}

function drawRuns(text: string, { base, em, fonts }: LineLook): string {
  return splitByFont(text, fonts)
    .map((run) => {
      if (run.font === base) return escapeAss(run.text);
      return `${switchTo(run.font, em)}${escapeAss(run.text)}${switchTo(base, em)}`;
    })
    .join("");
}

const switchTo = (font: Font, em: number) =>
  `{\\fn${font.family}\\fs${fontSize(font, em)}\\b${font.bold ? 1 : 0}}`;

/** The distance of the baselines of these lines, in em. The font that needs most decides. */
export function leadingOf(lines: readonly (readonly LinePiece[])[], { base, fonts }: LineLook): number {
  const runs = lines.flat().flatMap((piece) => splitByFont(piece.text, fonts));
  return Math.max(base.leading, ...runs.map((run) => run.font.leading));
}

/** The bottom of the line's box, in pixels, that puts its letters on `baseline`. The deepest font decides. */
export function bottomOf(
  line: readonly LinePiece[],
  { base, em, fonts }: LineLook,
  baseline: number,
): number {
  const runs = line.flatMap((piece) => splitByFont(piece.text, fonts));
  return round(baseline + Math.max(base.descent, ...runs.map((run) => run.font.descent)) * em);
}
