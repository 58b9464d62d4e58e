/** What ran when, as bars of text. */

/** In milliseconds since the epoch. */
export interface Span {
  name: string;
  from: number;
  to: number;
}

const columns = 60;

/**
 * Prints a row for each span, in the order of their starts.
 *
 * @param all the time that the bars divide
 * @param crowd many short spans: one row says how many there are at a time, and # for ten or more
 */
export function printWaterfall(
  all: Omit<Span, "name">,
  spans: readonly Span[],
  crowd: { name: string; spans: readonly Omit<Span, "name">[] },
): void {
  const column = (at: number) => Math.round(((at - all.from) / (all.to - all.from)) * columns);
  console.log(
    `\n${"what ran when".padEnd(32)}|${"-".repeat(columns)}| ${((all.to - all.from) / 1000).toFixed(2)} s`,
  );
  for (const { name, from, to } of [...spans].sort((a, b) => a.from - b.from)) {
    const start = Math.max(0, Math.min(columns - 1, column(from)));
    const bar = " ".repeat(start) + "=".repeat(Math.max(1, Math.min(columns, column(to)) - start));
    console.log(`${name.padEnd(32)}|${bar.padEnd(columns)}| ${((to - from) / 1000).toFixed(2)} s`);
  }
  const counts = Array.from({ length: columns }, (_, i) => {
    const at = all.from + ((i + 0.5) / columns) * (all.to - all.from);
    return crowd.spans.filter(({ from, to }) => from <= at && at < to).length;
  });
  const marks = counts.map((count) => (count === 0 ? " " : count < 10 ? String(count) : "#"));
  console.log(`${crowd.name.padEnd(32)}|${marks.join("")}|`);
}
