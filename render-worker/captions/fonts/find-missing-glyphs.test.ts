import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { findMissingGlyphs, mergeRanges } from "./find-missing-glyphs.ts";

/** Without fontconfig the coverage is unknown, and no character counts as missing. */
const hasFontconfig = spawnSync("fc-list", ["--version"]).status === 0;

describe("findMissingGlyphs", () => {
  it("names each character that no font draws, once", async () => {
    const missing = hasFontconfig ? ["\u{f0000}", "\u{10fffd}"] : [];
    expect(await findMissingGlyphs("a\u{f0000}b\u{f0000}\u{10fffd}")).toEqual(missing);
  });

  it("finds fonts for the scripts that captions promise", async () => {
    const promised = "Größe Łódź Привет Ωmega مدينة שלום नदी 季节 季節は 계절 แม่น้ำ 🔥🌙❤👨";
    expect(await findMissingGlyphs(promised)).toEqual([]);
  });

  it("does not ask for what is never drawn", async () => {
    expect(await findMissingGlyphs(" \u00a0\n\u200d\ufe0f\u2060\u0000")).toEqual([]);
  });
});

describe("mergeRanges", () => {
  it("joins the fonts' ranges", () => {
    expect(mergeRanges("20-7e a0 1f600-1f64f\n\n41-80 7f\n")).toEqual([
      [0x20, 0x80],
      [0xa0, 0xa0],
      [0x1f600, 0x1f64f],
    ]);
  });
});
