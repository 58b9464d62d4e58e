import { lexicon } from "./lexicon.ts";

/** What a text speaks of, in the order in which it does, each once. */
export function findConcepts(text: string): string[] {
  const low = text.toLowerCase().normalize("NFC");
  const found = new Map<string, number>();
  const note = (name: string, at: number) => {
    const before = found.get(name);
    if (before === undefined || at < before) found.set(name, at);
  };
  for (const match of low.matchAll(/[\p{L}\p{M}\p{N}'’-]+/gu)) {
    const word = match[0].replace(/['’]s?$/u, "");
    for (const name of exact.get(word) ?? []) note(name, match.index);
    for (let length = 2; length <= word.length; length++) {
      for (const name of beginnings.get(word.slice(0, length)) ?? []) note(name, match.index);
    }
  }
  for (const [sign, name] of ideographs) {
    const at = low.indexOf(sign);
    if (at >= 0) note(name, at);
  }
  return [...found].sort((a, b) => a[1] - b[1]).map(([name]) => name);
}

const exact = new Map<string, string[]>();
const beginnings = new Map<string, string[]>();
const ideographs: [string, string][] = [];

/** Scripts without spaces between words, or whose words carry their particles at the end. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]/u;

for (const { name, words } of lexicon) {
  for (const word of words.normalize("NFC").split(" ")) {
    if (unspaced.test(word)) ideographs.push([word, name]);
    else if (word.endsWith("*")) add(beginnings, word.slice(0, -1), name);
    else add(exact, word, name);
  }
}

function add(index: Map<string, string[]>, word: string, name: string): void {
  index.set(word, [...(index.get(word) ?? []), name]);
}
