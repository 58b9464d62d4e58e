import { describe, expect, it } from "vitest";
import { compareWords } from "./compare-words.ts";

describe("a voice says its script", () => {
  it.each([
    ["en", "It's 3 o'clock, and I can't move.", "It is three o’clock and I cannot move"],
    [
      "en",
      "In 1989 we'd found 1,250 keys.",
      "in nineteen eighty-nine we would found one thousand two hundred fifty keys",
    ],
    ["en", "Dr. Moon said: “Don't!”", "Doctor Moon said, do not."],
    ["en", "I said OK — 50% of it.", "I said okay: fifty percent of it"],
    ["de", "Im Garten geht's um 21 Uhr los.", "in dem Garten geht es um einundzwanzig Uhr los"],
    ["fr", "J'ai vu 7 ponts; l’eau montait.", "J’ai vu sept ponts, l'eau montait."],
    ["es", "¿Dónde están los 3 caballos?", "dónde están los tres caballos"],
    ["ru", "Я видел 5 окон.", "я видел пять окон"],
    ["ja", "窓が３つある。", "窓が3つある"],
    ["zh", "我看见了两扇窗。", "我 看见了 两扇窗"],
    ["ar", "رأيتُ البحرَ.", "رأيت البحر"],
    ["hi", "मैंने 3 पेड़ देखे।", "मैंने तीन पेड़ देखे"],
    ["xx", "Everyday words", "every day words!"],
  ])("in %s, however it is written: %s", (language, script, said) => {
    expect(compareWords(script, said, language)).toBe("verbatim");
    expect(compareWords(said, script, language)).toBe("verbatim");
  });
});

describe("a voice does not say its script", () => {
  it.each([
    ["reworded", "en", "I saw three doors.", "I saw four doors."],
    ["reworded", "en", "I saw three doors.", "Sure! I saw three doors."],
    ["reworded", "en", "He went home.", "She went home."],
    ["reworded", "en", "I can move.", "I can't move."],
    ["reworded", "de", "Ich sah 3 Türen.", "Ich sah dreißig Türen."],
    ["reworded", "ja", "窓が３つある。", "窓が４つある。"],
    ["cut", "en", "I saw three doors.", "I saw three"],
    ["cut", "zh", "我看见了两扇窗。", "我看见了"],
    ["cut", "en", "I saw three doors.", ""],
    ["doubled", "en", "I saw three doors.", "I saw three doors. I saw three doors."],
    ["doubled", "en", "No.", "No, no, no."],
  ] as const)("it is %s in %s: %s / %s", (verdict, language, script, said) => {
    expect(compareWords(script, said, language)).toBe(verdict);
  });
});
