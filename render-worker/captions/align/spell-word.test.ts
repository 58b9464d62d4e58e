import { describe, expect, it } from "vitest";
import { seeded, seedOfRun } from "../../../tests/seeded.ts";
import { isVowel, soundModel } from "./sound-model.ts";
import { spellWord } from "./spell-word.ts";

const syllables = (sounds: string) => sounds.replace(/[aiu@]{1,2}/g, "·").split("·").length - 1;

function expectKnown(word: string, language: string) {
  const sounds = [...spellWord(word, language)];
  // One assertion a word: 11,000 words have 300,000 sounds.
  expect(
    { unknown: sounds.filter((kind) => !(kind in soundModel)), hasVowel: sounds.some(isVowel) },
    `${word} ${sounds}`,
  ).toEqual({ unknown: [], hasVowel: true });
}

describe("spellWord", () => {
  it.each([
    ["city", "en", "SiTi"],
    ["glass.", "en", "DLaS"],
    ["“thought", "en", "FuT"],
    ["window,", "en", "LiNDau"],
    ["Stadt", "de", "STaDT"],
    ["schön", "de", "SuN"],
    ["eau", "fr", "u"],
    ["quiero", "es", "TLiLu"],
    ["городом", "ru", "DuLuDuN"],
    ["도시", "ko", "DuSi"],
    ["とんで", "ja", "TuNDi"],
    ["शहर", "hi", "S@F@L"],
    ["季", "zh", "DSau"],
  ])("hears %s (%s) as %s", (word, language, sounds) => {
    expect(spellWord(word, language)).toBe(sounds);
  });

  it.each([
    ["1831", "en", 5],
    ["12", "en", 1],
    ["250", "en", 5],
    ["1,000,000", "en", 3],
    ["٣", "ar", 3],
    ["BBC", "en", 3],
    ["N.B.C.", "en", 3],
    ["Dr.", "en", 2],
    ["constructor", "en", 3],
    ["grandmother", "en", 3],
    ["made", "en", 1],
    ["Donaudampfschifffahrt", "de", 5],
  ])("hears %s (%s) as %i syllables", (word, language, count) => {
    expect(syllables(spellWord(word, language))).toBe(count);
  });

  it.each(["", "…", "🐉", "👨‍👩‍👧‍👦", "—", "“”"])("hears nothing in %j", (text) => {
    expect(spellWord(text, "en")).toBe("");
  });

  it("says every number in every language", () => {
    const numbers = [...Array(2200).keys(), 10_000, 65_536, 1_000_000, 123_456_789, 9_999_999_999];
    const written = [
      ...numbers.map(String),
      "3.14",
      "1,000.5",
      "1.234.567,8",
      "1.5.2",
      "12:30",
      "0.001",
      "1920–1930",
      "٣٤٥",
      "१२",
    ];
    for (const number of written) {
      for (const language of ["en", "de", "hi", "pl", "und"]) expectKnown(number, language);
    }
  });

  it("knows an answer to anything that can be written", () => {
    const numbers = seeded(seedOfRun);
    const random = (below: number) => Math.floor(numbers() * below);
    for (let run = 0; run < 20_000; run++) {
      const codes = Array.from({ length: 1 + random(6) }, () => random(random(2) ? 0x3100 : 0x110_000));
      const word = String.fromCodePoint(...codes);
      const sounds = [...spellWord(word, run % 2 ? "en" : "ja")];
      expect(
        sounds.filter((kind) => !(kind in soundModel)),
        `SEED=${seedOfRun}, run ${run}: ${JSON.stringify(word)}`,
      ).toEqual([]);
    }
  });

  it("knows only kinds of sound that the model knows, in any script", () => {
    const words =
      "zażółć ğüşıöç Größe ξύλο щёлочь مدينة שלום ប្រទេស မြန်မာ สวัสดี ສະບາຍ ქართული հայերեն ኢትዮጵያ தமிழ் 東京 ᐃᓄᒃ";
    for (const word of words.split(" ")) {
      expectKnown(word, "auto");
    }
  });

  it("reads a number that is written with spaces as one", () => {
    expect(spellWord("1\u00a0234\u00a0567", "fr")).toBe(spellWord("1234567", "fr"));
  });
});
