import { describe, expect, it } from "vitest";
import { isVowel, soundModel } from "./sound-model.ts";
import { spellWord } from "./spell-word.ts";

const syllables = (sounds: string) => sounds.replace(/[aiu@]{1,2}/g, "·").split("·").length - 1;

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
    ["٣", "ar", 1],
    ["BBC", "en", 3],
    ["N.B.C.", "en", 3],
    ["Dr.", "en", 2],
    ["grandmother", "en", 3],
    ["made", "en", 1],
    ["Donaudampfschifffahrt", "de", 5],
  ])("hears %s (%s) as %i syllables", (word, language, count) => {
    expect(syllables(spellWord(word, language))).toBe(count);
  });

  it.each(["", "…", "🐉", "👨‍👩‍👧‍👦", "—", "“”"])("hears nothing in %j", (text) => {
    expect(spellWord(text, "en")).toBe("");
  });

  it("knows only kinds of sound that the model knows, in any script", () => {
    const words =
      "zażółć ğüşıöç Größe ξύλο щёлочь مدينة שלום ប្រទេស မြန်မာ สวัสดี ສະບາຍ ქართული հայերեն ኢትዮጵያ தமிழ் 東京 ᐃᓄᒃ";
    for (const word of words.split(" ")) {
      const sounds = spellWord(word, "auto");
      expect(sounds, word).not.toBe("");
      for (const kind of sounds) expect(soundModel, `${word} ${sounds}`).toHaveProperty([kind]);
      expect([...sounds].some(isVowel), `${word} ${sounds}`).toBe(true);
    }
  });
});
