import { type FontChoice, type FontRun, splitByFont } from "./choose-font.ts";
import { latin, latinAdvances, latinTitle } from "./font.ts";

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
    const ascii = latinAdvances.ascii[(char.codePointAt(0) ?? 0) - 32];
    if (ascii !== undefined) width += ascii;
    else if (font === latin || font === latinTitle)
      width += isWide.test(char) ? latinAdvances.wide : latinAdvances.other;
    else width += font.averageAdvance;
  }
  return width;
}

const isWide = /[\p{Lu}\p{Script=Cyrillic}\u2013-\u2015\u2026]/u;
