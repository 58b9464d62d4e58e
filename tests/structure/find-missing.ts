/**
 * The citations of a page whose target does not exist. A citation is a test file in backticks, by its path or
 * the end of it; text in double quotes in the same line is a part of a test's name in one of the line's
 * files.
 */
export function findMissing(
  page: string,
  files: readonly string[],
  read: (file: string) => string,
): string[] {
  return page.split("\n").flatMap((line) => {
    const cited = [...line.matchAll(/`([\w./-]+\.test\.ts)`/g)].map(([, file]) => file as string);
    if (cited.length === 0) return [];
    const found = cited.map((name) => files.filter((file) => file === name || file.endsWith(`/${name}`)));
    const unclear = found.flatMap((matches, index) =>
      matches.length === 1 ? [] : [`${cited[index]}: ${matches.length} files`],
    );
    const sources = found.flatMap((matches) => (matches.length === 1 ? read(matches[0] as string) : []));
    const names = [...line.matchAll(/"([^"]+)"/g)].map(([, name]) => name as string);
    const renamed = names.filter((name) => !sources.some((source) => source.includes(name)));
    return [...unclear, ...renamed.map((name) => `no test of this row says "${name}"`)];
  });
}
