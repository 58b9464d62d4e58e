export interface Spaced {
  text: string;
  joinsNext?: boolean;
}

/** The width of the words from `from` up to `end`, with the spaces between them. */
export type WidthOf = (from: number, end: number) => number;

/** Measures every word once, so that the width of any run of them is a lookup. */
export function measureRuns(words: readonly Spaced[], measure: (text: string) => number): WidthOf {
  const space = measure(" ");
  const spaceAfter = words.map((word) => (word.joinsNext ? 0 : space));
  const sums = [0];
  for (const [i, word] of words.entries()) {
    sums.push((sums[i] as number) + measure(word.text) + (spaceAfter[i] as number));
  }
  return (from, end) =>
    end <= from ? 0 : (sums[end] as number) - (sums[from] as number) - (spaceAfter[end - 1] as number);
}
