import { type Rule, rulesOf } from "./latin-rules.ts";

/**
 * Sounds (one letter each, see `Kind`) of one lower-case word of Latin letters. `language` is the primary subtag.
 * Rough on purpose: a wrong vowel costs nothing; what counts is the number of syllables and where hisses and stops lie.
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
