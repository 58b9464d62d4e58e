import { type FontChoice, type FontRun, splitByFont } from "./choose-font.ts";
import { latin, latinTitle } from "./font.ts";

/**
 * The approximate width of the text in its bold fonts, in em. Within 3 % for ASCII; scripts that join or
 * stack letters come out too wide.
 */
export function measureText(text: string, fonts: FontChoice): number {
  return splitByFont(text, fonts).reduce((width, run) => width + measureRun(run), 0);
}

function measureRun({ text, font }: FontRun): number {
  let width = 0;
  for (const char of text) {
    if (/[\p{M}\p{Cf}]/u.test(char)) continue;
    const ascii = asciiAdvances[(char.codePointAt(0) ?? 0) - 32];
    if (ascii !== undefined) width += ascii / 100;
    else if (font === latin || font === latinTitle) width += isWide.test(char) ? 0.72 : 0.62;
    else width += font.averageAdvance;
  }
  return width;
}

const isWide = /[\p{Lu}\p{Script=Cyrillic}\u2013-\u2015\u2026]/u;

/** The advances from space to tilde in Noto Sans Bold, in hundredths of an em. */
const asciiAdvances = (
  "26 29 47 65 57 90 75 27 34 34 55 57 28 32 28 41 57 57 57 57 57 57 57 57 57 57 28 28 57 57 57 48 90 69 67 64 74 56 55 72 77 39 33 66 56 94 81 " +
  "80 63 80 66 55 58 76 65 97 67 62 58 33 41 33 57 41 36 60 63 51 63 59 39 63 66 31 31 62 31 98 66 62 63 63 45 50 43 66 57 86 58 57 49 39 55 39 57"
)
  .split(" ")
  .map(Number);
