/** A stretch of time, and the CPU seconds that were spent in it. */
export interface Stretch {
  name: string;
  seconds: Map<string, number>;
}

/** Prints a row for each part of the cloud, and a column for each stretch. */
export function printCpu(stretches: readonly Stretch[]): void {
  const sumOf = (name: string) => stretches.reduce((sum, { seconds }) => sum + (seconds.get(name) ?? 0), 0);
  const names = [...new Set(stretches.flatMap(({ seconds }) => [...seconds.keys()]))];
  const cells = (values: readonly string[]) => values.map((value) => value.padStart(21)).join("");
  const row = (name: string, values: readonly number[]) =>
    console.log(name.padEnd(34) + cells(values.map((value) => value.toFixed(2))));
  console.log(`\n${"CPU seconds".padEnd(34)}${cells(stretches.map(({ name }) => name))}`);
  for (const name of names.sort((a, b) => sumOf(b) - sumOf(a)))
    row(
      name,
      stretches.map(({ seconds }) => seconds.get(name) ?? 0),
    );
  row(
    "all",
    stretches.map(({ seconds }) => [...seconds.values()].reduce((sum, one) => sum + one, 0)),
  );
}
