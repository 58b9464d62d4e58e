/** What part of a file a Range header asks for. */
export type RangeWish = { offset: number; length?: number } | { suffix: number };

/**
 * One range of bytes, or null for the whole file: for several ranges, other units, and anything malformed, as RFC 9110
 * lets a server do. Whether it lies inside the file is not decided here.
 */
export function parseRange(header: string | null): RangeWish | null {
  const [, from, to] = /^bytes=\s*([0-9]{0,15})-([0-9]{0,15})\s*$/i.exec(header ?? "") ?? [];
  if (from === undefined || to === undefined) return null;
  if (from === "") return to === "" ? null : { suffix: Number(to) };
  if (to === "") return { offset: Number(from) };
  const length = Number(to) - Number(from) + 1;
  return length > 0 ? { offset: Number(from), length } : null;
}

/** The bytes that a wish comes to in a file of so many, for a wish that R2 has found satisfiable. */
export function resolveRange(wish: RangeWish, size: number): { offset: number; length: number } {
  if ("suffix" in wish) {
    const length = Math.min(wish.suffix, size);
    return { offset: size - length, length };
  }
  return { offset: wish.offset, length: Math.min(wish.length ?? size, size - wish.offset) };
}
