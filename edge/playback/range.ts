/** The part of a file that a Range header asks for. */
export type RangeWish = { offset: number; length?: number } | { suffix: number };

/**
 * Parses a Range header of one range of bytes. Null means the whole file: for several ranges, other units and
 * malformed headers, as RFC 9110 allows. It does not decide whether the range lies inside the file.
 */
export function parseRange(header: string | null): RangeWish | null {
  const [, from, to] = /^bytes=\s*([0-9]{0,15})-([0-9]{0,15})\s*$/i.exec(header ?? "") ?? [];
  if (from === undefined || to === undefined) return null;
  if (from === "") return to === "" ? null : { suffix: Number(to) };
  if (to === "") return { offset: Number(from) };
  const length = Number(to) - Number(from) + 1;
  return length > 0 ? { offset: Number(from), length } : null;
}

/** The bytes of a range in a file of `size` bytes. R2 must have found the range satisfiable. */
export function resolveRange(wish: RangeWish, size: number): { offset: number; length: number } {
  if ("suffix" in wish) {
    const length = Math.min(wish.suffix, size);
    return { offset: size - length, length };
  }
  return { offset: wish.offset, length: Math.min(wish.length ?? size, size - wish.offset) };
}
