/**
 * Compares what a voice says with its script, as a listener would: case, punctuation, the way of writing
 * figures, and contractions make no difference. Spaces do not count, so "every day" equals "everyday" and
 * scripts without spaces need no dictionary.
 */
import { readNumber } from "../align/read-number.ts";

/**
 * - `verbatim`: the voice says the script.
 * - `cut`: it says the beginning alone.
 * - `doubled`: it says the script more than once.
 * - `reworded`: it says other words.
 */
export const wordings = ["verbatim", "cut", "doubled", "reworded"] as const;
export type Wording = (typeof wordings)[number];

/** How `said`, what the voice says, relates to `script`. `language` is a BCP 47 tag. */
export function compareWords(script: string, said: string, language: string): Wording {
  const [expected, heard] = [soundOf(script, language), soundOf(said, language)];
  if (heard === expected) return "verbatim";
  if (expected === "") return "reworded";
  if (expected.startsWith(heard)) return "cut";
  return heard.startsWith(expected + expected) ? "doubled" : "reworded";
}

/** The text without anything that is not heard. Two texts with the same result are read alike. */
export function soundOf(text: string, language: string): string {
  const [primary = "und"] = language.toLowerCase().split("-");
  const plain = text
    .normalize("NFKC")
    .toLocaleLowerCase(primary)
    .replace(/[‘’ʼ`´]/gu, "'");
  const figures = plain.replace(
    number,
    (written) => ` ${readNumber(written, primary)?.join(" ") ?? written} `,
  );
  const words = (expansions[primary] ?? []).reduce(
    (expanded, [short, long]) => expanded.replace(short, long),
    figures,
  );
  return words
    .normalize("NFD")
    .replace(unheardMarks, "")
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, "");
}

const number = /\p{Nd}+(?:[.,:]\p{Nd}+)*/gu;
/** Vowel signs that Arabic and Hebrew usually leave out, and the stretching stroke. */
const unheardMarks = /[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]/gu;

type Expansion = [short: RegExp, long: string];
const word = (short: string, long: string): Expansion => [
  new RegExp(`(?<![\\p{L}\\p{N}])${short}(?![\\p{L}\\p{N}])`, "gu"),
  long,
];

/** Short forms and what they stand for, by language. A voice may say either for the other. */
const expansions: Record<string, Expansion[]> = {
  en: [
    word("can't|cannot", "can not"),
    word("won't", "will not"),
    word("shan't", "shall not"),
    [/n't\b/gu, " not"],
    [/'re\b/gu, " are"],
    [/'ve\b/gu, " have"],
    [/'ll\b/gu, " will"],
    [/'d\b/gu, " would"],
    word("i'm", "i am"),
    word("let's", "let us"),
    [/\b(it|that|he|she|there|here|what|who|where|how|when|this|everything|nothing)'s\b/gu, "$1 is"],
    word("mr\\.?", "mister"),
    word("mrs\\.?", "missus"),
    word("dr\\.?", "doctor"),
    word("okay", "ok"),
    [/%/gu, " percent"],
    [/&/gu, " and "],
  ],
  de: [
    ...["an", "auf", "durch", "für", "in", "um"].map((short) => word(`${short}s`, `${short} das`)),
    word("im", "in dem"),
    word("am", "an dem"),
    word("beim", "bei dem"),
    word("vom", "von dem"),
    word("zum", "zu dem"),
    word("zur", "zu der"),
    [/'s\b/gu, " es"],
    [/%/gu, " prozent"],
    [/&/gu, " und "],
  ],
  fr: [
    [/%/gu, " pour cent"],
    [/&/gu, " et "],
  ],
  es: [
    [/%/gu, " por ciento"],
    [/&/gu, " y "],
  ],
  pt: [
    [/%/gu, " por cento"],
    [/&/gu, " e "],
  ],
  it: [
    [/%/gu, " per cento"],
    [/&/gu, " e "],
  ],
};
