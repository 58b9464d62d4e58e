import { canBeginLine, splitAtBreaks } from "./break-lines.ts";
import { endsSentence } from "./group-words.ts";

export interface ScriptWord {
  text: string;
  joinsNext: boolean;
}

/**
 * Splits a narration into the words that are shown one after the other, in any script: at spaces, and for
 * scripts without spaces (Han, Kana, Thai, Lao, Khmer, Burmese) by a dictionary. Punctuation stays with the
 * word it touches: opening marks with the next one, all others with the one before. A space between a word
 * and its mark becomes a no-break space. Nothing but space is lost.
 */
export function splitWords(narration: string, language = "und"): ScriptWord[] {
  const words: ScriptWord[] = [];
  const text = bindDigitGroups(narration.normalize("NFC"), language);
  for (const chunk of text.split(whiteSpace).map((one) => one.replaceAll(groupMark, "\u00a0"))) {
    if (chunk === "") continue;
    const parts = splitChunk(chunk, language);
    const spoken = mergeParticles(mergeSilent(parts));
    for (const [i, text] of spoken.entries()) words.push({ text, joinsNext: i < spoken.length - 1 });
  }
  return attachLoosePunctuation(words);
}

/** Everything that separates words or lines, and control characters, which no font draws. */
const whiteSpace = /[\s\p{Cc}\u2028\u2029\u200b\ufeff]+/u;
const spaceless =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const syllabic = /[\p{Script=Tibetan}\p{Script=Yi}\p{Script=Ethiopic}]/u;
const javanese = /\p{Script=Javanese}/u;
const opening = /^[\p{Ps}\p{Pi}¿¡]+$/u;
/** Marks that are read out ("and", "percent", "at") count as words. */
const soundless = /^(?:(?![&%@#*])[\p{P}\p{Z}\p{Cf}])+$/u;

/** A private-use character that stands for the space within a number while the text is split at spaces. */
const groupMark = "\ue000";

/**
 * Replaces the spaces within 1 234 567 by `groupMark`. A no-break space binds digits in every language, a
 * plain space only where the language writes its numbers so.
 */
function bindDigitGroups(text: string, language: string): string {
  const space = groupsWithSpace(language) ? "[ \u00a0\u2009\u202f]" : "[\u00a0\u2009\u202f]";
  const number = new RegExp(`(?<![\\d.,])[1-9]\\d{0,2}(?:${space}\\d{3})+(?!\\d)`, "gu");
  return text.replace(number, (found) => found.replace(/[^\d]/gu, groupMark));
}

/** False for an invalid tag. */
function groupsWithSpace(language: string): boolean {
  try {
    const parts = new Intl.NumberFormat(language).formatToParts(1_234_567);
    return parts.some(({ type, value }) => type === "group" && /\s/u.test(value));
  } catch {
    return false;
  }
}

function splitChunk(chunk: string, language: string): string[] {
  if (syllabic.test(chunk)) return splitAtBreaks(chunk);
  if (!javanese.test(chunk) && !spaceless.test(chunk)) return [chunk];
  const segmenter = javanese.test(chunk) ? graphemes : segmenterFor(language);
  return [...segmenter.segment(chunk)].map((segment) => segment.segment);
}

/** For Javanese these are the syllables with their stacked letters. */
const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });

const segmenters = new Map<string, Intl.Segmenter>();

/** An invalid tag falls back to "und": the dictionaries follow the script, not the tag. */
function segmenterFor(language: string): Intl.Segmenter {
  let segmenter = segmenters.get(language);
  if (!segmenter) {
    try {
      segmenter = new Intl.Segmenter(language, { granularity: "word" });
    } catch {
      segmenter = new Intl.Segmenter("und", { granularity: "word" });
    }
    segmenters.set(language, segmenter);
  }
  return segmenter;
}

/** Joins punctuation to its word: opening marks to the next, all others to the one before. */
function mergeSilent(parts: string[]): string[] {
  const words: string[] = [];
  let prefix = "";
  for (const part of parts) {
    if (opening.test(part)) prefix += part;
    else if (soundless.test(part) && prefix === "" && words.length > 0) words[words.length - 1] += part;
    else {
      words.push(prefix + part);
      prefix = "";
    }
  }
  if (prefix !== "") {
    if (words.length > 0) words[words.length - 1] += prefix;
    else words.push(prefix);
  }
  return words;
}

/**
 * Joins Japanese endings and particles to the word before them: 持って and 祖母が are read as one. Joins whatever
 * must not start a line as well.
 */
function mergeParticles(parts: string[]): string[] {
  const words: string[] = [];
  for (const part of parts) {
    const last = words.at(-1) ?? "";
    const leans = particle.test(part) || (ending.test(part) && /[\p{Script=Han}ァ-ヺ]$/u.test(last));
    const isShort = /[\p{L}ー]$/u.test(last) && last.length + part.length <= 8;
    const isHeld = last !== "" && !opening.test(part) && !/^["'“”‘’«»]/u.test(part) && !canBeginLine(part);
    if ((leans && isShort) || isHeld) words[words.length - 1] += part;
    else words.push(part);
  }
  return words;
}

const ending = /^[ぁ-ゖ]{1,3}\p{P}*$/u;
const particle = /^[はがをにでともへのやかねよてたっ]\p{P}*$/u;

/**
 * Joins marks that stand alone, as in French spacing, to a word. An opening mark, a bullet, and a dash that
 * opens a line of a dialogue or of a list go with the next word, all others with the word before.
 */
function attachLoosePunctuation(words: ScriptWord[]): ScriptWord[] {
  const attached: ScriptWord[] = [];
  const isOpening = watchQuotes(words);
  let prefix = "";
  for (const [i, word] of words.entries()) {
    const last = attached.at(-1);
    const opens = isOpening(word.text);
    const isLoose = opens || soundless.test(word.text);
    const goesOn = i < words.length - 1;
    if (isLoose && goesOn && (opens || prefix !== "" || opensLine(word.text, last?.text, words[i + 1]?.text)))
      prefix += word.joinsNext ? word.text : `${word.text}\u00a0`;
    else if (isLoose && last && prefix === "") {
      last.text += last.joinsNext ? word.text : `\u00a0${word.text}`;
      last.joinsNext = word.joinsNext;
    } else {
      attached.push({ ...word, text: prefix + word.text });
      prefix = "";
    }
  }
  return attached;
}

const dash = /^[\p{Pd}−]$/u;
const bullet = /^[•‣◦·▪–—-]$/u;

/** True for a dash of a new speaker: after a complete sentence or a colon, or at the start of the text. */
function opensLine(mark: string, before: string | undefined, after = ""): boolean {
  if (before === undefined) return dash.test(mark) || bullet.test(mark);
  return dash.test(mark) && (/[:：][\p{Pe}\p{Pf}\u00a0"']*$/u.test(before) || endsSentence(before, after));
}

/** Tells opening marks from closing ones that look the same: straight quotes and »German« guillemets. */
function watchQuotes(words: readonly ScriptWord[]): (text: string) => boolean {
  const all = words.map(({ text }) => text).join(" ");
  const guillemet = /[«»]/u.exec(all)?.[0] ?? "«";
  let straight = 0;
  return (text) => {
    const isOpen = straight % 2 === 0;
    straight += text.split('"').length - 1;
    if (text === '"') return isOpen;
    return /^[«»]$/u.test(text) ? text === guillemet : opening.test(text);
  };
}
