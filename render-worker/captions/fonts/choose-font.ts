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

export type FontRole = "caption" | "title";

/** A stretch of text that one font draws. */
export interface FontRun {
  text: string;
  font: Font;
}

/** The font that most of the text is drawn in. `language` decides which shapes Chinese characters take. */
export function chooseFont(text: string, language: string, role: FontRole = "caption"): Font {
  const counts = new Map<Font, number>();
  for (const run of splitByFont(text, language, role)) {
    counts.set(run.font, (counts.get(run.font) ?? 0) + run.text.length);
  }
  const [most] = [...counts].filter(([font]) => font !== emoji).sort(([, a], [, b]) => b - a);
  return most?.[0] ?? (role === "title" ? latinTitle : latin);
}

/**
 * The text in stretches of one font each. What belongs to no script (spaces, punctuation, digits beside letters) stays
 * with the stretch before it, at the start with the one behind. `around` is where Chinese is told from Japanese.
 */
export function splitByFont(
  text: string,
  language: string,
  role: FontRole = "caption",
  around = text,
): FontRun[] {
  const place = placeOf(language, around);
  const alphabetic = role === "title" ? latinTitle : latin;
  const runs: FontRun[] = [];
  let pending = "";
  for (const char of text) {
    const last = runs.at(-1);
    const font = fontOf(char, place, role) ?? (last?.font === emoji ? alphabetic : undefined);
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
/** Marks that only the CJK fonts draw at the right width and height. */
const cjkMarks = /[\u3000-\u303f\uff00-\uffef]/;
const pictographs = /[\p{Extended_Pictographic}\p{Regional_Indicator}]/u;
const alphabets = /[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}0-9]/u;
const scripts = Object.entries(scriptFonts).map(([script, font]): [RegExp, Font] => [
  new RegExp(`\\p{Script=${script}}`, "u"),
  font,
]);

function fontOf(char: string, place: CjkPlace, role: FontRole): Font | undefined {
  if (alphabets.test(char)) return role === "title" ? latinTitle : latin;
  if (/[\0-\u024f]/.test(char) || /\p{M}/u.test(char)) return undefined;
  if (cjkScripts.test(char) || cjkMarks.test(char))
    return (role === "title" ? cjkTitleFonts : cjkFonts)[place];
  if (pictographs.test(char)) return emoji;
  return scripts.find(([pattern]) => pattern.test(char))?.[1];
}

/** Whose shapes a Chinese character takes: the language's, else that of the script around it. */
function placeOf(language: string, around: string): CjkPlace {
  const tag = language.toLowerCase();
  if (tag.startsWith("ja") || /[\u3040-\u30ff]/.test(around)) return "JP";
  if (tag.startsWith("ko") || /\p{Script=Hangul}/u.test(around)) return "KR";
  if (/^zh.*-hk|^yue|^zh.*-mo/.test(tag)) return "HK";
  return /^zh.*-(tw|hant)/.test(tag) ? "TC" : "SC";
}
