/**
 * Words in capitals that follow another word of their sentence: the first word of a sentence says nothing.
 */
const afterWord = /(?<=[\p{L}\p{N},;]\s+)\p{Lu}[\p{L}\p{M}'’-]{2,29}/gu;
const anyLower = /(?<![\p{L}\p{M}])\p{Ll}[\p{L}\p{M}'’-]{2,29}/gu;

/**
 * The words of these texts that look like names, the most frequent first: written with a capital inside a
 * sentence, and nowhere without one. Finds none in scripts without capitals.
 */
export function findNames(texts: readonly string[], most: number): string[] {
  const counts = new Map<string, number>();
  const plain = new Set<string>();
  for (const text of texts) {
    for (const [word] of text.matchAll(afterWord)) counts.set(word, (counts.get(word) ?? 0) + 1);
    for (const [word] of text.matchAll(anyLower)) plain.add(word);
  }
  return [...counts]
    .filter(([word]) => !plain.has(word.toLowerCase()))
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([word]) => word);
}
