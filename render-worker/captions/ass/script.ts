import type { Font } from "../fonts/font.ts";

export interface AssStyle {
  name: string;
  font: Font;
  /** The size of an em in pixels. */
  em: number;
  /** The width of the dark outline, in pixels. */
  outline: number;
  /**
   * Draws a box of one colour behind each event; its `\\xshad` and `\\yshad` are the space around the
   * letters.
   */
  isBoxed?: boolean;
}

export interface AssEvent {
  layer: number;
  startSeconds: number;
  endSeconds: number;
  style: string;
  /** Override blocks and escaped text. */
  text: string;
}

/**
 * A complete ASS script for a film of this size. The caller breaks the lines (WrapStyle 2); libass finds the
 * directions (Encoding -1).
 */
export function writeScript(
  size: { width: number; height: number },
  styles: readonly AssStyle[],
  events: readonly AssEvent[],
): string {
  return [
    "[Script Info]",
    "ScriptType: v4.00+",
    `PlayResX: ${size.width}`,
    `PlayResY: ${size.height}`,
    "WrapStyle: 2",
    "ScaledBorderAndShadow: yes",
    "YCbCr Matrix: TV.709",
    "",
    "[V4+ Styles]",
    "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding",
    ...styles.map(writeStyle),
    "",
    "[Events]",
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text",
    ...events
      .filter((event) => toCentiseconds(event.endSeconds) > toCentiseconds(event.startSeconds))
      .map(writeEvent),
    "",
  ].join("\n");
}

/**
 * White letters with a dark outline, placed by the middle of their bottom. Colours are &HAABBGGRR.
 * BorderStyle 4 is libass's own: a box in BackColour around the whole event, where 3 draws one around each
 * run of letters.
 */
function writeStyle({ name, font, em, outline, isBoxed = false }: AssStyle): string {
  const colours = "&H00FFFFFF,&H00FFFFFF,&H00140C0A,&H00140C0A";
  const bold = font.bold ? -1 : 0;
  return `Style: ${name},${font.family},${fontSize(font, em)},${colours},${bold},0,0,0,100,100,0,0,${isBoxed ? 4 : 1},${round(outline)},0,2,0,0,0,-1`;
}

function writeEvent({ layer, startSeconds, endSeconds, style, text }: AssEvent): string {
  return `Dialogue: ${layer},${clock(startSeconds)},${clock(endSeconds)},${style},,0,0,0,,${text}`;
}

/**
 * The ASS font size for an em in pixels. libass fits ascent + descent into the font size, so fonts of one em
 * differ in it.
 */
export const fontSize = (font: Font, em: number) => round(em * (font.ascent + font.descent));

/** Rounds to two decimals, the precision of positions in ASS. */
export const round = (value: number) => Math.round(value * 10) / 10;

const toCentiseconds = (seconds: number) => Math.max(0, Math.round(seconds * 100));

/** H:MM:SS.cc, the only precision of ASS. */
function clock(seconds: number): string {
  const centiseconds = toCentiseconds(seconds);
  const two = (value: number) => String(Math.floor(value)).padStart(2, "0");
  const minutes = Math.floor(centiseconds / 6000);
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two((centiseconds / 100) % 60)}.${two(centiseconds % 100)}`;
}
