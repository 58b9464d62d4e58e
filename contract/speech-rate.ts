/** How long a calm voice takes to say a text, by its syllables. */
import { guessLanguage } from "./guess-language.ts";
import { measureText } from "./measure-text.ts";

interface Pace {
  /** Beats as `countBeats` counts them, between the pauses. */
  beatsPerSecond: number;
  /** Syllables as `countSyllables` counts them, in usual sentences with their pauses. */
  syllablesPerSecond: number;
  /** Syllables of a usual word; of a usual character in a script without spaces. */
  perWord: number;
}

/**
 * The pace by primary language subtag.
 *
 * @source measured on the simulator's voice `sage` from the first sound to the last, 2026-11-27: 7 to 58
 * passages in each language. The lengths of single passages differ from it by 6.9 % (standard deviation)
 */
const paceByLanguage: Readonly<Record<string, Pace>> = {
  ar: { beatsPerSecond: 10.8, syllablesPerSecond: 4.8, perWord: 2.24 },
  cs: { beatsPerSecond: 11.3, syllablesPerSecond: 4.2, perWord: 1.77 },
  de: { beatsPerSecond: 13.5, syllablesPerSecond: 4.4, perWord: 1.5 },
  el: { beatsPerSecond: 13.9, syllablesPerSecond: 5.6, perWord: 2.16 },
  en: { beatsPerSecond: 12.0, syllablesPerSecond: 4.2, perWord: 1.36 },
  es: { beatsPerSecond: 13.1, syllablesPerSecond: 5.2, perWord: 1.85 },
  fa: { beatsPerSecond: 9.6, syllablesPerSecond: 4.4, perWord: 2.18 },
  fi: { beatsPerSecond: 11.1, syllablesPerSecond: 4.1, perWord: 2.47 },
  fr: { beatsPerSecond: 15.7, syllablesPerSecond: 5.7, perWord: 1.71 },
  he: { beatsPerSecond: 11.6, syllablesPerSecond: 5.2, perWord: 2.24 },
  hi: { beatsPerSecond: 8.7, syllablesPerSecond: 4.8, perWord: 1.77 },
  hu: { beatsPerSecond: 10.7, syllablesPerSecond: 3.9, perWord: 2.17 },
  it: { beatsPerSecond: 13.2, syllablesPerSecond: 5.2, perWord: 2.11 },
  ja: { beatsPerSecond: 9.5, syllablesPerSecond: 5.5, perWord: 0.9 },
  ko: { beatsPerSecond: 9.8, syllablesPerSecond: 5.8, perWord: 2.84 },
  nl: { beatsPerSecond: 11.4, syllablesPerSecond: 3.6, perWord: 1.35 },
  pl: { beatsPerSecond: 10.3, syllablesPerSecond: 3.8, perWord: 1.95 },
  pt: { beatsPerSecond: 12.4, syllablesPerSecond: 5.0, perWord: 1.94 },
  ru: { beatsPerSecond: 14.2, syllablesPerSecond: 5.3, perWord: 1.82 },
  sv: { beatsPerSecond: 11.0, syllablesPerSecond: 3.8, perWord: 1.52 },
  tr: { beatsPerSecond: 10.4, syllablesPerSecond: 3.8, perWord: 2.16 },
  uk: { beatsPerSecond: 14.4, syllablesPerSecond: 5.5, perWord: 1.93 },
  zh: { beatsPerSecond: 8.9, syllablesPerSecond: 5.1, perWord: 0.91 },
};
/** The mean of the languages above. */
const usualPace: Pace = { beatsPerSecond: 11.5, syllablesPerSecond: 4.7, perWord: 1.9 };
const spacelessPace: Pace = { beatsPerSecond: 8.9, syllablesPerSecond: 4.2, perWord: 1 };

/**
 * A syllable with many letters takes longer to say: a letter weighs this much of a syllable.
 *
 * @source least squares over English and German, 2026-11-27
 */
const letterWeight = 0.62;
/**
 * The letters that a figure from 1 to 9 is spoken with; a zero is mostly silent ("300"), and a Chinese figure
 * is one syllable.
 *
 * @source measured on the simulator's voice `sage`, 2026-11-28: 7 numbers of 1 to 5 figures in 12 languages
 */
const lettersOfFigure = { chinese: 1, others: 6 };
/** The pauses within a text, in seconds: the means over the same voices. */
const pauses = { clause: 0.15, sentence: 0.4 };

function paceOf(language: string): Pace {
  const spaceless = ["ja", "zh", "th"].includes(language);
  return paceByLanguage[language] ?? (spaceless ? spacelessPace : usualPace);
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

function countBeats(text: string): number {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  const isChinese = /\p{sc=Han}/u.test(text) && !/[\p{sc=Hiragana}\p{sc=Katakana}]/u.test(text);
  const figures = count(/(?![0٠۰०０])\p{Nd}/gu);
  const letters = count(/\p{L}/gu) + figures * (isChinese ? lettersOfFigure.chinese : lettersOfFigure.others);
  return countSyllables(text) + letterWeight * letters;
}

/** The pauses at the marks within a text. The mark at its end makes none. */
function pauseSecondsIn(text: string): number {
  const clauses = text.match(/[,;:—،、，：；](?=[^\p{N}])/gu)?.length ?? 0;
  const ends = text.match(/[.!?…।。！？؟]+(?=.*[\p{L}\p{N}])/gsu)?.length ?? 0;
  return pauses.clause * clauses + pauses.sentence * ends;
}

/** How long a calm voice needs for the text, in seconds. `language` may be "auto". */
export function speakingSeconds(text: string, language: string): number {
  const { beatsPerSecond } = paceOf(narrationLanguage(language, text));
  return countBeats(text) / beatsPerSecond + pauseSecondsIn(text);
}

/**
 * Syllables and words (for scripts without spaces, characters) that a calm voice says in a second: of the
 * transcript's own sentences, or of usual ones where the narration has another language than the transcript.
 */
export function speechRate(
  transcript: string,
  asked: string,
): { syllablesPerSecond: number; wordsPerSecond: number; charactersPerSecond: number } {
  const language = narrationLanguage(asked, transcript);
  const { words, characters, isSpaceless } = measureText(transcript);
  const units = isSpaceless ? characters : words;
  const isOwn = units >= leastUnits && isWrittenIn(language, asked, transcript);
  const seconds = speakingSeconds(transcript, language);
  const { syllablesPerSecond, perWord } = paceOf(language);
  const syllables = isOwn ? countSyllables(transcript) / seconds : syllablesPerSecond;
  const rate = isOwn ? units / seconds : syllablesPerSecond / perWord;
  const isWrittenInCharacters = isOwn ? isSpaceless : ["ja", "zh", "th"].includes(language);
  return {
    syllablesPerSecond: syllables,
    wordsPerSecond: isWrittenInCharacters ? usualPace.syllablesPerSecond / usualPace.perWord : rate,
    charactersPerSecond: isWrittenInCharacters ? rate : spacelessPace.syllablesPerSecond,
  };
}

/** Whether a narration in this language can say the transcript's own sentences. */
const isWrittenIn = (language: string, asked: string, transcript: string) =>
  asked === "auto" || guessLanguage(transcript) === language;

/** A shorter transcript says nothing about the length of its language's words. */
const leastUnits = 12;

/**
 * How long a calm narration of so many scenes takes that says all of the transcript, in seconds: without the
 * pauses from scene to scene.
 */
export function narratingSeconds(transcript: string, asked: string, scenes: number): number {
  const language = narrationLanguage(asked, transcript);
  // A translation's length is not known; it has about as many words.
  if (isWrittenIn(language, asked, transcript)) {
    const betweenScenes = Math.min(pauseSecondsIn(transcript), (scenes - 1) * pauses.sentence);
    return speakingSeconds(transcript, language) - betweenScenes;
  }
  const { isSpaceless, words, characters } = measureText(transcript);
  const rate = speechRate(transcript, asked);
  return isSpaceless ? characters / rate.charactersPerSecond : words / rate.wordsPerSecond;
}
