import { type Rule, rulesOf } from "./latin-rules.ts";

/**
 * The sounds (one letter each, see `Kind`) of one lower-case word in Latin letters. `language` is the primary
 * subtag. The result is rough on purpose: a wrong vowel costs nothing; the number of syllables and the places
 * of hisses and stops matter.
 */
export function spellLatin(word: string, language: string): string {
  const rules = rulesOf(language);
  let sounds = "";
  let at = 0;
  while (at < word.length) {
    const [length, spelt] = applyFirst(rules, word, at);
    sounds += spelt;
    at += length;
  }
  return sounds;
}

function applyFirst(rules: readonly Rule[], word: string, at: number): [length: number, sounds: string] {
  for (const [pattern, sounds] of rules) {
    pattern.lastIndex = at;
    const match = pattern.exec(word);
    if (match && match[0] !== "") return [match[0].length, sounds];
  }
  return [1, ""];
}
