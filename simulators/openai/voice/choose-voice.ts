/** Chooses the narrator: OpenAI's voice names as characters, and each engine's nearest voice. */
export interface Character {
  flite: "slt" | "rms" | "awb";
  /** espeak-ng's variant of any language's voice. */
  variant: string;
  /** Factors on the pitch and timbre of the engine's own voice. */
  pitch: number;
  pace: number;
}

const characters: Record<string, Character> = {
  alloy: { flite: "slt", variant: "f2", pitch: 0.95, pace: 1 },
  ash: { flite: "rms", variant: "m3", pitch: 0.98, pace: 0.99 },
  ballad: { flite: "awb", variant: "m1", pitch: 0.97, pace: 0.95 },
  cedar: { flite: "rms", variant: "m3", pitch: 0.95, pace: 0.97 },
  coral: { flite: "slt", variant: "f3", pitch: 1.03, pace: 1.02 },
  echo: { flite: "rms", variant: "m2", pitch: 1.02, pace: 1 },
  fable: { flite: "awb", variant: "m1", pitch: 1, pace: 0.99 },
  marin: { flite: "slt", variant: "f4", pitch: 0.99, pace: 1 },
  nova: { flite: "slt", variant: "f4", pitch: 1, pace: 1.02 },
  onyx: { flite: "rms", variant: "m7", pitch: 0.9, pace: 0.97 },
  sage: { flite: "slt", variant: "f2", pitch: 0.97, pace: 0.97 },
  shimmer: { flite: "slt", variant: "f3", pitch: 1.06, pace: 0.99 },
  verse: { flite: "rms", variant: "m2", pitch: 1, pace: 1.03 },
};
const defaultCharacter: Character = { flite: "slt", variant: "f2", pitch: 1, pace: 1 };

/** The character of one of OpenAI's voice names; a default one for other names. */
export const chooseCharacter = (voice: string): Character => characters[voice] ?? defaultCharacter;

/** espeak-ng's voice for a language, and its speaking rate in words per minute for a calm pace. */
const espeakVoices: Record<string, { voice: string; rate: number }> = {
  // The voice `cmn` of espeak-ng 1.51 spells out pinyin in English; this one speaks Chinese.
  zh: { voice: "cmn-latn-pinyin", rate: 228 },
  ja: { voice: "ja", rate: 130 },
  ko: { voice: "ko", rate: 190 },
  ar: { voice: "ar", rate: 190 },
  fa: { voice: "fa", rate: 150 },
  en: { voice: "en-us", rate: 150 },
  de: { voice: "de", rate: 165 },
  th: { voice: "th", rate: 115 },
  fr: { voice: "fr-fr", rate: 150 },
  nb: { voice: "nb", rate: 150 },
};

/** espeak-ng's voice and rate for a language tag. */
export const espeakVoice = (language: string) => espeakVoices[language] ?? { voice: language, rate: 150 };

/** macOS `say`: its own voices, by language. */
const sayVoices: Record<string, string> = {
  en: "Samantha",
  de: "Anna",
  fr: "Thomas",
  es: "Mónica",
  it: "Alice",
  pt: "Luciana",
  nl: "Xander",
  sv: "Alva",
  pl: "Zosia",
  tr: "Yelda",
  ru: "Milena",
  el: "Melina",
  ar: "Majed",
  he: "Carmit",
  hi: "Lekha",
  zh: "Tingting",
  ja: "Kyoko",
  ko: "Yuna",
  th: "Kanya",
};

/** The voice of macOS's `say` for a language tag, or null. */
export const sayVoice = (language: string) => sayVoices[language] ?? null;
