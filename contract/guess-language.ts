/** The most frequent words of languages in the Latin script. Some belong to several; the most hits decide. */
const frequentWords: Readonly<Record<string, string>> = {
  cs: "se že jsem jsme bylo byla byl jako když nebo ale pak v i na",
  de: "und der die das ich war mit ein",
  en: "the and was of with my i it to on",
  es: "el la los y que una con mi había cuando del al",
  fi: "ja oli se minä että kun olin hän mutta sitten",
  fr: "et le la les je dans une était qui que ne du des",
  hu: "és egy az hogy volt nem voltam akkor amikor mint",
  it: "il la che di una nel della gli era con mi un ma e mia quando poi",
  nl: "het een en ik van niet mijn de toen",
  pl: "i się w na nie że z był była jak ale do",
  pt: "o os uma não com eu do da em um minha meu que e quando",
  sv: "och jag att en det som i min ett var på till sedan när",
  tr: "ve bir bu ben için çok gibi vardı sonra bana",
};

const allFrequentWords = new Set(Object.values(frequentWords).flatMap((words) => words.split(" ")));

/**
 * Whether the word is one of the most frequent of any of these languages, and so names nothing. In lower
 * case.
 */
export const isFrequentWord = (word: string): boolean => allFrequentWords.has(word);

const patterns = Object.entries(frequentWords).map(([language, words]): [string, RegExp] => [
  language,
  new RegExp(`(?<!\\p{L})(?:${words.replaceAll(" ", "|")})(?!\\p{L})`, "giu"),
]);

/**
 * The language that is most likely, as a primary subtag: by its script, or by its most frequent words. "und"
 * if neither says anything.
 */
export function guessLanguage(text: string): string {
  if (/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text)) return "ja";
  if (/\p{sc=Han}/u.test(text)) return "zh";
  if (/\p{sc=Hangul}/u.test(text)) return "ko";
  if (/\p{sc=Devanagari}/u.test(text)) return "hi";
  if (/\p{sc=Hebrew}/u.test(text)) return "he";
  if (/\p{sc=Greek}/u.test(text)) return "el";
  if (/\p{sc=Thai}/u.test(text)) return "th";
  if (/\p{sc=Arabic}/u.test(text)) return /[پچژگ]/u.test(text) ? "fa" : "ar";
  if (/\p{sc=Cyrillic}/u.test(text)) return /[іїєґ]/iu.test(text) ? "uk" : "ru";
  const hits = patterns.map(([language, words]): [string, number] => [
    language,
    text.match(words)?.length ?? 0,
  ]);
  const [language, most] = hits.reduce((best, next) => (next[1] > best[1] ? next : best));
  return most > 0 ? language : "und";
}
