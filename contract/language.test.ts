import { describe, expect, it } from "vitest";
import { FilmOptions } from "./film.ts";
import { readLanguage } from "./language.ts";

describe("readLanguage", () => {
  it.each([
    ["de", "de"],
    ["JA", "ja"],
    ["zh_TW", "zh-TW"],
    ["zh-hant-tw", "zh-Hant-TW"],
    ["pt-br", "pt-BR"],
    ["de_DE.UTF-8", "de-DE"],
    ["deu", "de"],
    ["fre", "fr"],
    ["iw", "he"],
    ["cmn-Hans-CN", "zh-Hans-CN"],
    ["de-DE-1996", "de-DE"],
    ["jp", "ja"],
    ["cz", "cs"],
    ["German", "de"],
    [" german. ", "de"],
    ["Deutsch", "de"],
    ["日本語", "ja"],
    ["हिन्दी", "hi"],
    ["français", "fr"],
    ["Francais", "fr"],
    ["Русский", "ru"],
    ["العربية", "ar"],
    ["Brazilian Portuguese", "pt-BR"],
    ["Portuguese (Brazil)", "pt-BR"],
    ["Chinese (Traditional)", "zh-Hant"],
    ["Simplified Chinese", "zh-Hans"],
    ["Mandarin", "zh"],
    ["English (as spoken by the dreamer)", "en"],
    ["en-US (American English)", "en-US"],
    ["Spanish/Español", "es"],
    ["Farsi", "fa"],
    ["Norsk", "no"],
    ["tlh", "tlh"],
  ])("reads %s as %s", (written, tag) => {
    expect(readLanguage(written)).toBe(tag);
  });

  it.each(["", "und", "mul", "the dream's own", "none", "klingon; rm", "x".repeat(500), "\u0000", "🌙"])(
    "finds no language in %j",
    (written) => {
      expect(readLanguage(written)).toBeNull();
    },
  );

  it("leaves its own answers as they are", () => {
    for (const tag of ["de", "zh-Hant-TW", "pt-BR", "sr-Latn", "fil"]) expect(readLanguage(tag)).toBe(tag);
  });
});

describe("the option language", () => {
  it.each([
    ["German", "de"],
    ["JA", "ja"],
    ["zh_TW", "zh-TW"],
    ["auto", "auto"],
    ["Auto", "auto"],
    ["日本語", "ja"],
  ])("%s is kept as %s", (language, kept) => {
    expect(FilmOptions.parse({ language }).language).toBe(kept);
  });

  it.each(["", "klingon; rm", "the dream's own", "x".repeat(65)])("refuses %j", (language) => {
    expect(FilmOptions.safeParse({ language }).success).toBe(false);
  });
});
