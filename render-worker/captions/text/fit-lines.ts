import { canBeginLine } from "./break-lines.ts";
import { measureRuns, type Spaced, type WidthOf } from "./run-widths.ts";

/** A word, or a piece of a word that is wider than the line. */
export interface LinePiece {
  text: string;
  /** The index of the word. */
  word: number;
  joinsNext: boolean;
}

export interface FittedLines {
  lines: LinePiece[][];
  /** The factor on the font size at which the widest line fits. */
  scale: number;
}

export interface LineLimits {
  /** The width of a line at full size, in the unit of `measure`. */
  width: number;
  maxLines: number;
  /** Words are cut before the text gets smaller than this. */
  minScale: number;
  measure: (text: string) => number;
}

/**
 * Breaks words into as few lines as they need, of about equal length. Text that is too wide is made smaller,
 * then cut. What does not fit at the smallest size is left out and replaced by "…".
 */
export function fitLines(
  words: readonly Spaced[],
  { width, maxLines, minScale, measure }: LineLimits,
): FittedLines {
  const pieces = words.flatMap(({ text, joinsNext = false }, word) =>
    cutToWidth(text, width / minScale, measure).map((part, i, parts) => ({
      text: part,
      word,
      joinsNext: i < parts.length - 1 || joinsNext,
    })),
  );
  const widthOf = measureRuns(pieces, measure);
  let scale = 1;
  let ends = fillLines(pieces.length, width, widthOf);
  while (ends.length > maxLines && scale > minScale) {
    scale = Math.max(minScale, scale - 0.05);
    ends = fillLines(pieces.length, width / scale, widthOf);
  }
  const kept = pieces.slice(0, ends[maxLines - 1]);
  const last = kept.at(-1);
  if (last && kept.length < pieces.length) last.text = `${dropLast(last.text)}…`;
  const count = Math.min(maxLines, ends.length);
  const lines = breakEvenly(kept, width / scale, count, widthOf);
  const widest = Math.max(...lines.map((line) => measure(textOf(line))));
  return { lines, scale: Math.max(minScale * 0.9, Math.min(scale, width / widest)) };
}

/** The text of a line, with the spaces between its words. */
export const textOf = (line: readonly LinePiece[]) =>
  line.map((piece, i) => (piece.joinsNext || i === line.length - 1 ? piece.text : `${piece.text} `)).join("");

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

const dropLast = (text: string) =>
  [...graphemes.segment(text)]
    .slice(0, -1)
    .map(({ segment }) => segment)
    .join("");

/** Parts of about equal width, with a hyphen where letters are separated. */
function cutToWidth(text: string, width: number, measure: (text: string) => number): string[] {
  const whole = measure(text);
  if (whole <= width) return [text];
  const even = (whole / Math.ceil(whole / (width * 0.95))) * 1.02;
  const parts: string[] = [];
  let part = "";
  let partWidth = 0;
  for (const { segment } of graphemes.segment(text)) {
    const segmentWidth = measure(segment);
    if (part !== "" && partWidth + segmentWidth > even && canBeginLine(segment)) {
      parts.push(/\p{L}$/u.test(part) && hyphenated.test(segment) ? `${part}-` : part);
      part = "";
      partWidth = 0;
    }
    part += segment;
    partWidth += segmentWidth;
  }
  return [...parts, part];
}

const hyphenated = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;

/** The ends of the lines if each takes as much as it can. */
function fillLines(pieces: number, width: number, widthOf: WidthOf): number[] {
  const ends: number[] = [];
  for (let from = 0; from < pieces; ) {
    let end = from + 1;
    while (end < pieces && widthOf(from, end + 1) <= width) end++;
    ends.push(end);
    from = end;
  }
  return ends;
}

/** A line ends well after punctuation, badly after "the" or inside a unit that is read together. */
function costOfBreak(last: LinePiece | undefined, next: LinePiece | undefined): number {
  if (!last || !next || /\p{P}$/u.test(last.text)) return 0;
  const isHeld = last.joinsNext ? /^[ぁ-ゖ]/.test(next.text) : /^\p{L}{1,3}$/u.test(last.text);
  return isHeld ? 0.12 : 0.04;
}

/** Breaks into `count` lines with the least uneven lengths and the best ends. */
function breakEvenly(
  pieces: readonly LinePiece[],
  width: number,
  count: number,
  widthOf: WidthOf,
): LinePiece[][] {
  const even = widthOf(0, pieces.length) / count;
  type Way = { cost: number; from: number };
  // ways[l][i]: the best way to set the first i pieces on l lines.
  const ways: Way[][] = [[{ cost: 0, from: 0 }]];
  for (let line = 1; line <= count; line++) {
    const row: Way[] = [];
    for (let end = line; end <= pieces.length; end++) {
      for (let from = end - 1; from >= line - 1; from--) {
        const length = widthOf(from, end);
        if (length > width && from < end - 1) break;
        const before = ways[line - 1]?.[from];
        if (!before) continue;
        const cost = before.cost + (length / even - 1) ** 2 + costOfBreak(pieces[end - 1], pieces[end]);
        if (cost < (row[end]?.cost ?? Number.POSITIVE_INFINITY)) row[end] = { cost, from };
      }
    }
    ways.push(row);
  }
  const lines: LinePiece[][] = [];
  let end = pieces.length;
  for (let line = count; line > 0; line--) {
    const from = ways[line]?.[end]?.from ?? 0;
    lines.unshift(pieces.slice(from, end));
    end = from;
  }
  return lines;
}
