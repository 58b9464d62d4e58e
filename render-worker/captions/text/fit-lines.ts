/** A word, or a piece of one that is wider than the screen, on its way into a line. */
export interface LinePiece {
  text: string;
  /** Index of the word. */
  word: number;
  joinsNext: boolean;
}

export interface FittedLines {
  lines: LinePiece[][];
  /** Factor on the type size, so that the widest line fits. */
  scale: number;
}

export interface LineLimits {
  /** Width of a line at full size, in the unit of `measure`. */
  width: number;
  maxLines: number;
  /** Words are cut rather than made smaller than this. */
  minScale: number;
  measure: (text: string) => number;
}

/** Breaks words into as few lines as they need, of about equal length; shrinks, then cuts, what is too long. */
export function fitLines(
  words: readonly { text: string; joinsNext?: boolean }[],
  limits: LineLimits,
): FittedLines {
  const { width, maxLines, minScale, measure } = limits;
  const pieces = words.flatMap(({ text, joinsNext = false }, word) =>
    cutToWidth(text, width / minScale, measure).map((part, i, parts) => ({
      text: part,
      word,
      joinsNext: i < parts.length - 1 || joinsNext,
    })),
  );
  for (let scale = 1; ; scale = Math.max(minScale, scale - 0.05)) {
    const lines = breakEvenly(pieces, width / scale, measure);
    if (lines.length > maxLines && scale > minScale) continue;
    const kept = lines.slice(0, maxLines);
    const last = kept.at(-1)?.at(-1);
    if (last && kept.length < lines.length) last.text = `${dropLast(last.text)}…`;
    const widest = Math.max(...kept.map((line) => measure(textOf(line))));
    return { lines: kept, scale: Math.max(minScale * 0.9, Math.min(scale, width / widest)) };
  }
}

export const textOf = (line: readonly LinePiece[]) =>
  line.map((piece, i) => (piece.joinsNext || i === line.length - 1 ? piece.text : `${piece.text} `)).join("");

const dropLast = (text: string) =>
  [...graphemes.segment(text)]
    .slice(0, -1)
    .map(({ segment }) => segment)
    .join("");

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

/** Parts of about equal width, with a hyphen where a word of letters is cut. */
function cutToWidth(text: string, width: number, measure: (text: string) => number): string[] {
  const whole = measure(text);
  if (whole <= width) return [text];
  const even = whole / Math.ceil(whole / (width * 0.95));
  const parts: string[] = [""];
  for (const { segment } of graphemes.segment(text)) {
    const longer = `${parts.at(-1)}${segment}`;
    if (parts.at(-1) !== "" && measure(longer) > even * 1.02) {
      if (/\p{L}$/u.test(parts.at(-1) ?? "") && hyphenated.test(segment)) parts[parts.length - 1] += "-";
      parts.push(segment);
    } else parts[parts.length - 1] = longer;
  }
  return parts;
}

const hyphenated = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}]/u;

/** Lines end well with punctuation, badly after "the" or inside what is read in one go. */
function costOfBreak(last: LinePiece | undefined, next: LinePiece | undefined): number {
  if (!last || !next || /\p{P}$/u.test(last.text)) return 0;
  const isHeld = last.joinsNext ? /^[ぁ-ゖ]/.test(next.text) : /^\p{L}{1,3}$/u.test(last.text);
  return isHeld ? 0.12 : 0.04;
}

/** As few lines as a greedy filler needs, then the breaks that leave the least uneven lengths at the best places. */
function breakEvenly(
  pieces: readonly LinePiece[],
  width: number,
  measure: (text: string) => number,
): LinePiece[][] {
  const count = countGreedily(pieces, width, measure);
  const widthOf = (from: number, end: number) => measure(textOf(pieces.slice(from, end)));
  const even = widthOf(0, pieces.length) / count;
  // costs[l][i]: least unevenness of the first i pieces on l lines.
  type Way = { cost: number; from: number };
  const ways: Way[][] = [[{ cost: 0, from: 0 }]];
  for (let line = 1; line <= count; line++) {
    const row: Way[] = [];
    for (let end = line; end <= pieces.length; end++) {
      for (let from = end - 1; from >= line - 1; from--) {
        const before = ways[line - 1]?.[from];
        const length = widthOf(from, end);
        if (length > width && from < end - 1) break;
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

function countGreedily(
  pieces: readonly LinePiece[],
  width: number,
  measure: (text: string) => number,
): number {
  let count = 1;
  let line: LinePiece[] = [];
  for (const piece of pieces) {
    if (line.length > 0 && measure(textOf([...line, piece])) > width) {
      count++;
      line = [];
    }
    line.push(piece);
  }
  return count;
}
