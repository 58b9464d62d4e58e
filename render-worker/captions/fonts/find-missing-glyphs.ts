import { execFile } from "node:child_process";
import { promisify } from "node:util";

/**
 * The characters of `text` that no installed font can draw, each once: libass would show a box. Empty if the
 * system has no fontconfig (macOS without it), because the coverage is unknown then. The fonts are read once
 * per process.
 */
export async function findMissingGlyphs(text: string): Promise<string[]> {
  coverage ??= readCoverage();
  const covered = await coverage;
  if (!covered) return [];
  return [...new Set(text)].filter(
    (char) => isDrawn.test(char) && !covers(covered, char.codePointAt(0) ?? 0),
  );
}

/** Sorted, disjoint ranges of code points. */
type Ranges = readonly (readonly [first: number, last: number])[];

let coverage: Promise<Ranges | null> | undefined;

/** Excludes spaces, controls and marks that only change their neighbours. */
const isDrawn = /[^\p{Cc}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}]/u;

/** libass draws outlines only, so bitmap and colour fonts do not count. */
async function readCoverage(): Promise<Ranges | null> {
  try {
    const args = [":outline=true:color=false", "-f", "%{charset}\n"];
    const { stdout } = await promisify(execFile)("fc-list", args, { timeout: 20_000, maxBuffer: 64 << 20 });
    return mergeRanges(stdout);
  } catch {
    return null;
  }
}

/** The union of charsets, given as lines like "20-7e a0 1f600-1f64f", one per font. */
export function mergeRanges(charsets: string): Ranges {
  const ranges = [...new Set(charsets.split(/\s+/))]
    .filter((range) => range !== "")
    .map((range) => range.split("-").map((hex) => Number.parseInt(hex, 16)))
    .map(([first = 0, last = first]): [number, number] => [first, last])
    .sort(([a], [b]) => a - b);
  const merged: [number, number][] = [];
  for (const [first, last] of ranges) {
    const previous = merged.at(-1);
    if (previous && first <= previous[1] + 1) previous[1] = Math.max(previous[1], last);
    else merged.push([first, last]);
  }
  return merged;
}

function covers(ranges: Ranges, code: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [first, last] = ranges[middle] as readonly [number, number];
    if (code < first) high = middle - 1;
    else if (code > last) low = middle + 1;
    else return true;
  }
  return false;
}
