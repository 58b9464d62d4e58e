/** A run of equal words, or of words that stand for each other, in two texts. Ends are exclusive. */
export interface Match {
  isEqual: boolean;
  a: [from: number, to: number];
  b: [from: number, to: number];
}

/**
 * The longest common subsequence of two lists of words, as runs that cover both lists in order. Between equal runs
 * lie runs in which one side may be empty.
 */
export function matchWords(a: readonly string[], b: readonly string[]): Match[] {
  const width = b.length + 1;
  // Lengths of the best match of the ends from (i, j) on.
  const best = new Uint16Array((a.length + 1) * width);
  const at = (i: number, j: number) => best[i * width + j] as number;
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      best[i * width + j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const matches: Match[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    const [fromA, fromB] = [i, j];
    const isEqual = i < a.length && j < b.length && a[i] === b[j];
    if (isEqual)
      while (i < a.length && j < b.length && a[i] === b[j]) {
        i++;
        j++;
      }
    else
      while ((i < a.length || j < b.length) && !(i < a.length && j < b.length && a[i] === b[j])) {
        if (j >= b.length || (i < a.length && at(i + 1, j) >= at(i, j + 1))) i++;
        else j++;
      }
    matches.push({ isEqual, a: [fromA, i], b: [fromB, j] });
  }
  return matches;
}
