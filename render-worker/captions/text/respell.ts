/**
 * Replaces words by their respellings in the text that a voice gets. Whole words only, in any script,
 * whatever their case: "Siobhan" changes "Siobhan's" and not "Siobhanna".
 */
export function respell(text: string, pronunciations: Readonly<Record<string, string>>): string {
  const respellings = new Map(Object.entries(pronunciations).map(([word, said]) => [fold(word), said]));
  return replaceWords(text, respellings);
}

/** The reverse, for captions that follow what a voice says: its respellings become the words again. */
export function restoreSpelling(text: string, pronunciations: Readonly<Record<string, string>>): string {
  const written = new Map(Object.entries(pronunciations).map(([word, said]) => [fold(said), word]));
  return replaceWords(text, written);
}

const fold = (word: string) => word.normalize("NFC").toLowerCase().replaceAll("’", "'");

const spaceless =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

function replaceWords(text: string, replacements: ReadonlyMap<string, string>): string {
  if (replacements.size === 0) return text;
  const longestFirst = [...replacements.keys()].sort((a, b) => b.length - a.length);
  const alternatives = longestFirst.map((word) => {
    const letters = word.replaceAll("'", "['’]").replaceAll("-", "\\-");
    // Scripts without spaces have their borders from the dictionary, below.
    return spaceless.test(word) ? letters : `(?<![\\p{L}\\p{M}\\p{N}])${letters}(?![\\p{L}\\p{M}\\p{N}])`;
  });
  const normal = text.normalize("NFC");
  const borders = spaceless.test(longestFirst.join("")) ? findBorders(normal) : null;
  return normal.replace(new RegExp(alternatives.join("|"), "giu"), (found, offset: number) => {
    const isWhole =
      !spaceless.test(found) || (borders?.has(offset) && borders.has(offset + found.length)) === true;
    return (isWhole && replacements.get(fold(found))) || found;
  });
}

function findBorders(text: string): Set<number> {
  const borders = new Set([0, text.length]);
  for (const { index } of new Intl.Segmenter("und", { granularity: "word" }).segment(text))
    borders.add(index);
  return borders;
}
