/** How long a calm voice takes to say a text, by its syllables. */
import { measureText } from "./measure-text.ts";

interface Pace {
  /** Syllables as `countSyllables` counts them, in a calm narration with its pauses. */
  perSecond: number;
  /** Syllables of a usual word; of a usual character in a script without spaces. */
  perWord: number;
}

/**
 * The pace by primary language subtag.
 *
 * @source measured on 14 to 47 s of the simulator's voice in each language, from the first word to the last,
 *   2026-11-27
 */
const paces: Readonly<Record<string, Pace>> = {
  ar: { perSecond: 5.4, perWord: 2.4 },
  de: { perSecond: 4.85, perWord: 1.55 },
  en: { perSecond: 4.3, perWord: 1.4 },
  es: { perSecond: 5.8, perWord: 1.85 },
  fr: { perSecond: 6.2, perWord: 1.7 },
  hi: { perSecond: 5.3, perWord: 1.75 },
  ja: { perSecond: 5.7, perWord: 0.9 },
  zh: { perSecond: 5.3, perWord: 0.9 },
};
const usualPace: Pace = { perSecond: 4, perWord: 1.8 };
const spacelessPace: Pace = { perSecond: 4.2, perWord: 1 };

/** Words that only one of these languages has among its most frequent. */
const frequentWords: Readonly<Record<string, RegExp>> = {
  en: /(?<!\p{L})(?:the|and|was|of|with|my)(?!\p{L})/giu,
  de: /(?<!\p{L})(?:und|der|die|das|ich|war|mit|ein)(?!\p{L})/giu,
  fr: /(?<!\p{L})(?:et|le|les|je|dans|une|était|qui)(?!\p{L})/giu,
  es: /(?<!\p{L})(?:el|los|y|que|una|con|mi|había)(?!\p{L})/giu,
};

/** The language that is most likely, as a primary subtag; "und" if none of the paces' languages is. */
function guessLanguage(text: string): string {
  if (/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text)) return "ja";
  if (/\p{sc=Han}/u.test(text)) return "zh";
  if (/\p{sc=Devanagari}/u.test(text)) return "hi";
  if (/\p{sc=Arabic}/u.test(text)) return "ar";
  const hits = Object.entries(frequentWords).map(([language, words]): [string, number] => [
    language,
    text.match(words)?.length ?? 0,
  ]);
  const [language, most] = hits.reduce((best, next) => (next[1] > best[1] ? next : best));
  return most > 0 ? language : "und";
}

function paceOf(language: string): Pace {
  const spaceless = ["ja", "zh", "th"].includes(language);
  return paces[language] ?? (spaceless ? spacelessPace : usualPace);
}

/** The narration's language: the one asked for, or the transcript's own for "auto". */
const narrationLanguage = (asked: string, transcript: string) =>
  asked === "auto" ? guessLanguage(transcript) : (asked.toLowerCase().split("-")[0] as string);

/**
 * About how many syllables a voice speaks: groups of vowels in scripts that write them, one for each kana,
 * Hangul or Chinese character, two for a kanji, an estimate for other scripts and for figures.
 */
export function countSyllables(text: string): number {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const isJapanese = /[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text);
  const plain = text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/gu, "")
    .toLowerCase();
  const vowelGroups = plain.match(/[aeiouyæøœаеиоуыэюяіїєαεηιουω]+/gu)?.length ?? 0;
  return (
    vowelGroups +
    count(/\p{sc=Han}/gu) * (isJapanese ? 2 : 1) +
    count(/(?![ゃゅょャュョっッー])[\p{sc=Hiragana}\p{sc=Katakana}]/gu) +
    count(/\p{sc=Hangul}/gu) +
    // A letter and its signs are a syllable; a virama joins two, and the last vowel of a word is silent.
    count(/(?=\p{L})[\u0900-\u0dff](?!\u094d)/gu) * 0.85 +
    // Thai, Arabic, Hebrew and the scripts not named here.
    count(otherLetters) * 0.55 +
    count(/\p{Nd}/gu) * 1.5
  );
}

const otherLetters =
  /(?!\p{Lm}|[\p{sc=Latin}\p{sc=Cyrillic}\p{sc=Greek}\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u0900-\u0dff])\p{L}/gu;

/** How long a calm voice needs for the text, in seconds. `language` may be "auto". */
export function speakingSeconds(text: string, language: string): number {
  return countSyllables(text) / paceOf(narrationLanguage(language, text)).perSecond;
}

/**
 * Syllables and words (for scripts without spaces, characters) that a calm voice says in a second, in words
 * of the length that the transcript has. A narration in another language than the transcript's has words of
 * usual length.
 */
export function speechRate(
  transcript: string,
  asked: string,
): { syllablesPerSecond: number; wordsPerSecond: number; charactersPerSecond: number } {
  const language = narrationLanguage(asked, transcript);
  const { perSecond, perWord } = paceOf(language);
  const { words, characters, isSpaceless } = measureText(transcript);
  const units = isSpaceless ? characters : words;
  const isOwn = units >= leastUnits && (asked === "auto" || guessLanguage(transcript) === language);
  const length = isOwn ? countSyllables(transcript) / units : perWord;
  const isWrittenInCharacters = isOwn ? isSpaceless : ["ja", "zh", "th"].includes(language);
  const rate = perSecond / Math.max(0.5, length);
  const fallback = { words: usualPace.perSecond / usualPace.perWord, characters: spacelessPace.perSecond };
  return isWrittenInCharacters
    ? { syllablesPerSecond: perSecond, wordsPerSecond: fallback.words, charactersPerSecond: rate }
    : { syllablesPerSecond: perSecond, wordsPerSecond: rate, charactersPerSecond: fallback.characters };
}

/** A shorter transcript says nothing about the length of its language's words. */
const leastUnits = 12;
