import type { Measure } from "./split-text.ts";

const vowels = /[aeiouyæøœаеиоуыэюяіїєαεηιουω]+/gu;
const kana = /(?![ゃゅょャュョっッー])[\p{sc=Hiragana}\p{sc=Katakana}]/gu;
/** Letters of these scripts are a syllable each, or nearly. */
const indic = /(?=\p{L})[\u0900-\u0dff](?!\u094d)/gu;
const others =
  /(?!\p{Lm}|[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u0900-\u0dff])\p{L}/gu;

/** About how many syllables a text has, as a text model would count them. */
export const countSyllables: Measure = (text) => {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const bare = text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/gu, "")
    .toLowerCase();
  return (
    (bare.match(vowels)?.length ?? 0) +
    count(kana) +
    count(/\p{sc=Hangul}/gu) +
    count(/\p{sc=Han}/gu) * (count(kana) > 0 ? 2 : 1) +
    count(indic) * 0.85 +
    count(others) * 0.55 +
    count(/\p{Nd}/gu) * 1.5
  );
};
