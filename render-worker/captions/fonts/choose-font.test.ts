import { describe, expect, it } from "vitest";
import { chooseFonts, mainFont, splitByFont } from "./choose-font.ts";
import { latin, latinTitle } from "./font.ts";

const runs = (text: string, language = "en") =>
  splitByFont(text, chooseFonts(text, language, "caption")).map((run) => [run.text, run.font.family]);

describe("mainFont", () => {
  it.each([
    ["Hello", "en", latin.family],
    ["Привет", "ru", latin.family],
    ["مدينة BBC", "ar", "Noto Sans Arabic"],
    ["שלום", "he", "Noto Sans Hebrew"],
    ["नदी", "hi", "Noto Sans Devanagari"],
    ["季节", "zh", "Noto Sans CJK SC"],
    ["季節", "zh-TW", "Noto Sans CJK TC"],
    ["季節", "ja", "Noto Sans CJK JP"],
    ["季節は", "auto", "Noto Sans CJK JP"],
    ["계절", "ko", "Noto Sans CJK KR"],
    ["🐉🐉🐉 a", "en", latin.family],
    ["…", "en", latin.family],
  ])("draws %s (%s) in %s", (text, language, family) => {
    expect(mainFont(text, chooseFonts(text, language, "caption")).family).toBe(family);
  });

  it("sets titles in a serif", () => {
    const titleFont = (text: string) => mainFont(text, chooseFonts(text, "und", "title")).family;
    expect(titleFont("The City")).toBe(latinTitle.family);
    expect(titleFont("玻璃城")).toBe("Noto Serif CJK SC");
  });
});

describe("splitByFont", () => {
  it("keeps punctuation with its word, but not with an emoji", () => {
    expect(runs("(مدينة).", "ar")).toEqual([["(مدينة).", "Noto Sans Arabic"]]);
    expect(runs("fire 🔥!")).toEqual([
      ["fire ", latin.family],
      ["🔥", "Symbola"],
      ["!", latin.family],
    ]);
  });

  it("never loses text", () => {
    const text = "“Go” 我飞 مدينة 🐉, 1920 नदी.";
    expect(
      runs(text)
        .map(([part]) => part)
        .join(""),
    ).toBe(text);
  });
});
