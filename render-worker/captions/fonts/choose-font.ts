import {
  type CjkPlace,
  cjkFonts,
  cjkTitleFonts,
  emoji,
  type Font,
  latin,
  latinTitle,
  scriptFonts,
} from "./font.ts";

/** The fonts of one scene, and which of them draws a character. */
export interface FontChoice {
  /** For alphabets, and for characters of no script. */
  alphabetic: Font;
  /** Undefined for what any font draws: spaces, punctuation, marks. */
  fontOf(char: string): Font | undefined;
}

/** A part of a text that one font draws. */
export interface FontRun {
  text: string;
  font: Font;
}

/**
 * The fonts for a text. Titles get serifs if there are some. `text` and `language` decide between the
 * regional shapes of Chinese characters.
 */
export function chooseFonts(text: string, language: string, role: "caption" | "title"): FontChoice {
  const place = placeOf(language, text);
  const alphabetic = role === "title" ? latinTitle : latin;
  const cjk = (role === "title" ? cjkTitleFonts : cjkFonts)[place];
  const known = new Map<string, Font | undefined>();
  const fontOf = (char: string) => {
    if (!known.has(char)) known.set(char, findFont(char, alphabetic, cjk));
    return known.get(char);
  };
  return { alphabetic, fontOf };
}

/** The font that draws most of the text. */
export function mainFont(text: string, fonts: FontChoice): Font {
  const counts = new Map<Font, number>();
  for (const run of splitByFont(text, fonts))
    counts.set(run.font, (counts.get(run.font) ?? 0) + run.text.length);
  counts.delete(emoji);
  return [...counts].reduce((most, next) => (next[1] > most[1] ? next : most), [
    fonts.alphabetic,
    0,
  ] as const)[0];
}

/**
 * Splits the text into parts of one font each. A character of no script belongs to the part before it (unless
 * that is an emoji), or at the start to the part after it.
 */
export function splitByFont(text: string, { alphabetic, fontOf }: FontChoice): FontRun[] {
  const runs: FontRun[] = [];
  let pending = "";
  for (const char of text) {
    const last = runs.at(-1);
    const font = fontOf(char) ?? (last?.font === emoji ? alphabetic : undefined);
    if (!font || font === last?.font) {
      if (last) last.text += char;
      else pending += char;
    } else {
      runs.push({ text: pending + char, font });
      pending = "";
    }
  }
  if (pending !== "") runs.push({ text: pending, font: alphabetic });
  return runs;
}

const cjkScripts =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}]/u;
/** Marks that only the CJK fonts draw with the right width and height. */
const cjkMarks = /[\u3000-\u303f\uff00-\uffef]/;
const pictographs = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
const alphabets = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}0-9]/u;
const scripts = Object.entries(scriptFonts).map(([script, font]): [RegExp, Font] => [
  new RegExp(`\\p{Script=${script}}`, "u"),
  font,
]);

function findFont(char: string, alphabetic: Font, cjk: Font): Font | undefined {
  if (alphabets.test(char)) return alphabetic;
  if (/[\0-\u024f]/.test(char) || /\p{M}/u.test(char)) return undefined;
  if (cjkScripts.test(char) || cjkMarks.test(char)) return cjk;
  if (pictographs.test(char)) return emoji;
  return scripts.find(([pattern]) => pattern.test(char))?.[1];
}

/** The regional shapes of the language, or else those of the script around. */
function placeOf(language: string, around: string): CjkPlace {
  const tag = language.toLowerCase();
  if (tag.startsWith("ja") || /[\u3040-\u30ff]/.test(around)) return "JP";
  if (tag.startsWith("ko") || /\p{Script=Hangul}/u.test(around)) return "KR";
  if (/^zh.*-hk|^yue|^zh.*-mo/.test(tag)) return "HK";
  return /^zh.*-(tw|hant)/.test(tag) ? "TC" : "SC";
}
