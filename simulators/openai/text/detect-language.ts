/** A text's language as a BCP 47 tag, by its script and its small words; `en` if neither decides. */
import { smallWords } from "./stop-words.ts";

const scripts: readonly [RegExp, string][] = [
  [/[\p{sc=Hiragana}\p{sc=Katakana}]/gu, "ja"],
  [/\p{sc=Hangul}/gu, "ko"],
  [/\p{sc=Han}/gu, "zh"],
  [/\p{sc=Arabic}/gu, "ar"],
  [/\p{sc=Hebrew}/gu, "he"],
  [/\p{sc=Devanagari}/gu, "hi"],
  [/\p{sc=Bengali}/gu, "bn"],
  [/\p{sc=Tamil}/gu, "ta"],
  [/\p{sc=Telugu}/gu, "te"],
  [/\p{sc=Gujarati}/gu, "gu"],
  [/\p{sc=Gurmukhi}/gu, "pa"],
  [/\p{sc=Greek}/gu, "el"],
  [/\p{sc=Cyrillic}/gu, "ru"],
  [/\p{sc=Thai}/gu, "th"],
  [/\p{sc=Georgian}/gu, "ka"],
  [/\p{sc=Armenian}/gu, "hy"],
  [/\p{sc=Ethiopic}/gu, "am"],
  [/\p{sc=Latin}/gu, "latin"],
];

const sets = Object.entries(smallWords).map(([tag, words]) => [tag, new Set(words.split(" "))] as const);

/** The text's language as a BCP 47 tag; `en` if neither script nor words decide. */
export function detectLanguage(text: string): string {
  const counts = scripts.map(([pattern, tag]) => [tag, text.match(pattern)?.length ?? 0] as const);
  const count = (tag: string) => counts.find(([name]) => name === tag)?.[1] ?? 0;
  // Japanese mixes kana with ideographs: a few kana distinguish it from Chinese.
  if (count("ja") > 0 && count("ja") * 8 >= count("zh")) {
    if (count("ja") + count("zh") >= count("latin")) return "ja";
  }
  const [script, most] = counts.reduce((best, next) => (next[1] > best[1] ? next : best));
  if (most === 0) return "en";
  if (script === "latin") return latinLanguage(text);
  if (script === "ru") return cyrillicLanguage(text);
  if (script === "ar") return /[پچژگ]/u.test(text) ? (/[ٹڈڑںے]/u.test(text) ? "ur" : "fa") : "ar";
  return script;
}

function latinLanguage(text: string): string {
  const words = text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  let best = { tag: "en", score: 0 };
  for (const [tag, set] of sets) {
    const score = words.filter((word) => set.has(word)).length;
    if (score > best.score) best = { tag, score };
  }
  return best.tag;
}

function cyrillicLanguage(text: string): string {
  if (/[іїєґ]/iu.test(text)) return "uk";
  if (/[ћђљњџј]/iu.test(text)) return "sr";
  if (!/[ыэё]/iu.test(text) && /(?:^|\s)(?:съм|беше|и|на|се|със)(?=\s)/iu.test(text) && /ъ/iu.test(text))
    return "bg";
  return "ru";
}
