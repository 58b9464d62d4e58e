/**
 * A font family by libass' name for it, and its height: libass sizes a font by ascent + descent, not by its
 * em.
 */
export interface Font {
  family: string;
  /** Above and below the baseline, in em, from the font's own table (usWinAscent, usWinDescent). */
  ascent: number;
  descent: number;
  /** The average advance of a letter in the bold face, in em. Latin has its own table in measure-text. */
  averageAdvance: number;
  /** The smallest distance of two baselines, in em, at which the marks of two lines do not touch. */
  leading: number;
  /** False if the family has no bold face: libass would fake one. */
  bold: boolean;
}

const font = (
  family: string,
  ascent: number,
  descent: number,
  averageAdvance: number,
  { bold = true, leading = 1.3 } = {},
): Font => ({ family, ascent, descent, averageAdvance, bold, leading });

/** The font of captions in Latin, Cyrillic and Greek. Only this file has its name and its metrics. */
export const latin = font("Noto Sans Display", 1.069, 0.293, 0.6);
export const latinTitle = font("Noto Serif Display", 1.069, 0.293, 0.6);
/**
 * The advances of both in bold, in em. `ascii`: from space to tilde. `wide`: capitals, Cyrillic and dashes.
 */
export const latinAdvances = {
  ascii: (
    "26 29 47 65 57 90 75 27 34 34 55 57 28 32 28 41 57 57 57 57 57 57 57 57 57 57 28 28 57 57 57 48 90 " +
    "69 67 64 74 56 55 72 77 39 33 66 56 94 81 80 63 80 66 55 58 76 65 97 67 62 58 33 41 33 57 41 " +
    "36 60 63 51 63 59 39 63 66 31 31 62 31 98 66 62 63 63 45 50 43 66 57 86 58 57 49 39 55 39 57"
  )
    .split(" ")
    .map((hundredths) => Number(hundredths) / 100),
  wide: 0.72,
  other: 0.62,
};
export const emoji = font("Symbola", 0.926, 0.342, 1, { bold: false });

const cjk = (place: string) => font(`Noto Sans CJK ${place}`, 1.16, 0.288, 1);
const cjkTitle = (place: string) => font(`Noto Serif CJK ${place}`, 1.151, 0.286, 1);
const places = ["SC", "TC", "HK", "JP", "KR"] as const;
export type CjkPlace = (typeof places)[number];
const byPlace = (make: (place: string) => Font) =>
  Object.fromEntries(places.map((place) => [place, make(place)])) as Record<CjkPlace, Font>;
export const cjkFonts = byPlace(cjk);
export const cjkTitleFonts = byPlace(cjkTitle);

/**
 * By Unicode script name. Families of Debian's fonts-noto-core, measured from version 20201225: `leading` is
 * the height of what libass draws of a long text, plus 0.2 em between the lines.
 */
export const scriptFonts: Readonly<Record<string, Font>> = {
  Arabic: font("Noto Sans Arabic", 1.374, 0.738, 0.6, { leading: 1.6 }),
  Armenian: font("Noto Sans Armenian", 1.068, 0.292, 0.66),
  Bengali: font("Noto Sans Bengali", 0.917, 0.408, 0.75, { leading: 1.4 }),
  Canadian_Aboriginal: font("Noto Sans Canadian Aboriginal", 1.069, 0.293, 0.78),
  Cherokee: font("Noto Sans Cherokee", 1.069, 0.293, 0.84),
  Devanagari: font("Noto Sans Devanagari", 0.896, 0.408, 0.72, { leading: 1.45 }),
  Ethiopic: font("Noto Sans Ethiopic", 1.069, 0.293, 0.78),
  Georgian: font("Noto Sans Georgian", 1.068, 0.292, 0.68),
  Gujarati: font("Noto Sans Gujarati", 0.896, 0.408, 0.75, { leading: 1.4 }),
  Gurmukhi: font("Noto Sans Gurmukhi", 0.896, 0.408, 0.7, { leading: 1.4 }),
  Hebrew: font("Noto Sans Hebrew", 1.068, 0.292, 0.58),
  Javanese: font("Noto Sans Javanese", 1.12, 0.916, 1.08, { leading: 2.1 }),
  Kannada: font("Noto Sans Kannada", 0.809, 0.54, 0.92, { leading: 1.55 }),
  Khmer: font("Noto Sans Khmer", 1.069, 0.293, 0.75, { leading: 1.75 }),
  Lao: font("Noto Sans Lao", 1.183, 0.462, 0.63, { leading: 1.6 }),
  Malayalam: font("Noto Sans Malayalam", 0.864, 0.383, 1.19, { leading: 1.4 }),
  Mongolian: font("Noto Sans Mongolian", 1.457, 0.293, 0.76, { bold: false }),
  Myanmar: font("Noto Sans Myanmar", 1.324, 0.86, 0.91, { leading: 1.75 }),
  Nko: font("Noto Sans NKo", 1.069, 0.293, 0.54, { bold: false, leading: 1.45 }),
  Oriya: font("Noto Sans Oriya", 1.069, 0.293, 0.8),
  Sinhala: font("Noto Sans Sinhala", 1.011, 0.293, 0.99, { leading: 1.45 }),
  Syriac: font("Noto Sans Syriac", 0.926, 0.486, 0.8, { bold: false, leading: 1.55 }),
  Tamil: font("Noto Sans Tamil", 0.87, 0.37, 1.17),
  Telugu: font("Noto Sans Telugu", 0.869, 0.483, 0.86, { leading: 1.55 }),
  Thaana: font("Noto Sans Thaana", 1.069, 0.424, 0.64, { leading: 1.5 }),
  Thai: font("Noto Sans Thai", 1.061, 0.45, 0.65, { leading: 1.5 }),
  Tibetan: font("Noto Serif Tibetan", 1.466, 1.349, 0.68, { leading: 1.85 }),
  Tifinagh: font("Noto Sans Tifinagh", 1.069, 0.293, 0.63, { bold: false }),
  Yi: font("Noto Sans Yi", 1.069, 0.293, 0.6, { bold: false }),
};
