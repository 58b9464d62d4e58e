import { describe, expect, it } from "vitest";
import { parseRange, resolveRange } from "./range.ts";

describe("parseRange", () => {
  it.each([
    ["bytes=0-0", { offset: 0, length: 1 }],
    ["bytes=5-", { offset: 5 }],
    ["bytes=-5", { suffix: 5 }],
    ["Bytes= 2-3 ", { offset: 2, length: 2 }],
    [null, null],
    ["", null],
    ["bytes=", null],
    ["bytes=-", null],
    ["bytes=3-2", null],
    ["bytes=0-1, 4-5", null],
    ["bytes=-1-2", null],
    ["bytes=1e3-", null],
    ["bytes=99999999999999999999-", null],
  ])("takes %j for %j", (header, wish) => {
    expect(parseRange(header)).toEqual(wish);
  });
});

it("resolveRange never leaves the file", () => {
  for (let size = 1; size <= 12; size++) {
    for (let a = 0; a < size; a++) {
      for (const wish of [
        { offset: a },
        { suffix: a + 1 },
        { suffix: size + a },
        { offset: a, length: a + 1 },
      ]) {
        const { offset, length } = resolveRange(wish, size);
        expect(offset).toBeGreaterThanOrEqual(0);
        expect(length).toBeGreaterThan(0);
        expect(offset + length).toBeLessThanOrEqual(size);
      }
    }
  }
});
