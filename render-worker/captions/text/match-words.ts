/** A run of equal words, or of words that stand for each other, in two texts. Ends are exclusive. */
export interface Match {
  isEqual: boolean;
  a: [from: number, to: number];
  b: [from: number, to: number];
}

/**
 * The longest common subsequence of two lists of words, as runs that cover both lists in order. Between equal
 * runs lie runs in which one side may be empty.
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
  return slideLeft(matches, a, b);
}

/**
 * Moves a run that only one side has to the left while that leaves equal words equal. A word that repeats ("I
 * … I flew") is then matched next to its neighbours, not alone.
 */
function slideLeft(matches: readonly Match[], a: readonly string[], b: readonly string[]): Match[] {
  const slid: Match[] = [];
  for (const [at, { isEqual, a: inA, b: inB }] of matches.entries()) {
    const match: Match = { isEqual, a: [...inA], b: [...inB] };
    slid.push(match);
    const [before, next] = [slid.at(-2), matches[at + 1]];
    const isOneSided = !isEqual && (inA[0] === inA[1]) !== (inB[0] === inB[1]);
    if (!isOneSided || !before?.isEqual || !next?.isEqual) continue;
    const [words, run] = inA[0] < inA[1] ? [a, match.a] : [b, match.b];
    while (before.a[0] < before.a[1] && words[run[0] - 1] === words[run[1] - 1]) {
      for (const ends of [before.a, before.b]) ends[1]--;
      for (const side of [match.a, match.b]) for (const end of [0, 1] as const) side[end]--;
      for (const starts of [next.a, next.b]) starts[0]--;
    }
    const earlier = slid.at(-3);
    if (before.a[0] < before.a[1] || earlier?.isEqual !== false) continue;
    // Nothing is equal any more between this run and the one before it.
    slid.splice(-3, 3, { isEqual, a: [earlier.a[0], match.a[1]], b: [earlier.b[0], match.b[1]] });
  }
  return slid.filter((match) => match.a[0] < match.a[1] || match.b[0] < match.b[1]);
}
