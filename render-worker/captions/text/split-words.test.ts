import { describe, expect, it } from "vitest";
import { joinWords } from "../timed-word.ts";
import { splitWords } from "./split-words.ts";

const texts = (narration: string, language: string) =>
  splitWords(narration, language).map((word) => word.text);

describe("splitWords", () => {
  it.each([
    ["It's “here”, Mr. O'Neil!", "en", ["It's", "“here”,", "Mr.", "O'Neil!"]],
    ["half-vital motion - slowly", "en", ["half-vital", "motion\u00a0-", "slowly"]],
    ["Quoi ? « Oui »", "fr", ["Quoi\u00a0?", "«\u00a0Oui\u00a0»"]],
    ["a\tb\u2028c\r\nd\u0000e", "en", ["a", "b", "c", "d", "e"]],
    ["我飞过一座玻璃城市。", "zh", ["我", "飞过", "一座", "玻璃", "城市。"]],
    ["「窓」には季節が", "ja", ["「窓」", "には", "季節が"]],
    ["ランタンを持って", "ja", ["ランタンを", "持って"]],
    ["คุณยายกำลังรอ", "th", ["คุณ", "ยาย", "กำลัง", "รอ"]],
    ["འགྲོ་བ་མིའི་ནང་། མི་", "bo", ["འགྲོ་", "བ་", "མིའི་", "ནང་།", "མི་"]],
    ["የሰው፡ልጅ፡ሁሉ። ነው", "am", ["የሰው፡", "ልጅ፡", "ሁሉ።", "ነው"]],
    ["ꃰꊿꑱ，ꋭ", "ii", ["ꃰ", "ꊿ", "ꑱ，", "ꋭ"]],
    ["ꦩꦤꦶꦩ꧀ꦧꦁ꧈ꦩ", "jv", ["ꦩ", "ꦤꦶ", "ꦩ꧀ꦧꦁ꧈", "ꦩ"]],
    ["きゃーっと言った人々", "ja", ["きゃーっと", "言った", "人々"]],
    ["A 🐉! 👨‍👩‍👧‍👦", "en", ["A", "🐉!", "👨‍👩‍👧‍👦"]],
    ["...", "en", ["..."]],
    ["", "en", []],
  ])("splits %j (%s)", (narration, language, words) => {
    expect(texts(narration, language)).toEqual(words);
  });

  it.each([
    ["fr", "Elle dit : « Viens ! »", ["Elle", "dit\u00a0:", "«\u00a0Viens\u00a0!\u00a0»"]],
    [
      "fr",
      "Elle dit\u00a0: «\u202fViens\u202f!\u202f»",
      ["Elle", "dit\u00a0:", "«\u00a0Viens\u00a0!\u00a0»"],
    ],
    ["fr", "— Qui es-tu ? — La mer.", ["—\u00a0Qui", "es-tu\u00a0?", "—\u00a0La", "mer."]],
    ["da", "– Hvem er du? – Jeg er havet.", ["–\u00a0Hvem", "er", "du?", "–\u00a0Jeg", "er", "havet."]],
    ["pl", "- Gdzie jesteś? - zapytała.", ["-\u00a0Gdzie", "jesteś?", "-\u00a0zapytała."]],
    ["es", "Dijo: — ¿ Qué ?", ["Dijo:", "—\u00a0¿\u00a0Qué\u00a0?"]],
    ["de", "Sie sagte: » Nein «, leise.", ["Sie", "sagte:", "»\u00a0Nein\u00a0«,", "leise."]],
    ["ja", "「 来て 」 と言った。", ["「\u00a0来て\u00a0」", "と", "言った。"]],
    ["en", "- a blue door", ["-\u00a0a", "blue", "door"]],
    ["en", 'She said " come " - slowly.', ["She", "said", '"\u00a0come\u00a0"\u00a0-', "slowly."]],
    ["en", "I waited... - and then", ["I", "waited...\u00a0-", "and", "then"]],
    ["en", "the end (", ["the", "end\u00a0("]],
    ["fr", "« ( ", ["«\u00a0("]],
  ])("keeps loose marks with the words that they belong to (%s): %s", (language, narration, words) => {
    expect(texts(narration, language)).toEqual(words);
  });

  it("loses nothing but space", () => {
    const narration = "Er sagte: „Größe“ (ja!) 我飞过，love 你。 ¿Qué? ... ok";
    const joined = joinWords(splitWords(narration, "auto"));
    expect(joined.replace(/\s/gu, "")).toBe(narration.replace(/\s/gu, ""));
  });

  it("begins no word with what Japanese may not begin a line with", () => {
    // JIS X 4051: small kana, lengthening and iteration marks, closing brackets, full stops, commas, middle
    // dots.
    const forbidden =
      /^[ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々ゝゞヽヾ。、．，・：；？！）］｝〉》」』】〕]/u;
    const narration =
      "ちょっと待ってって言ったのに、きゃあっ！とヴィーナスがウィンクした。ファッションショーへ行っちゃった人々は、" +
      "「えっ？」とつぶやきつつ、ジャズやソーダやティーセットをいっぱいもらったんだって。あゝ、いすゞのフォード！";
    const starts = texts(narration, "ja").filter((word) => forbidden.test(word));
    expect(starts).toEqual([]);
  });

  it("writes no space where none was", () => {
    expect(joinWords(splitWords("我 love你。", "zh"))).toBe("我 love你。");
  });

  it("survives a language that is none", () => {
    expect(texts("你好 world", "not a language")).toEqual(["你好", "world"]);
  });

  it.each([
    [
      "Il y a 1 234 567 étoiles et 3 lunes.",
      "fr",
      ["Il", "y", "a", "1\u00a0234\u00a0567", "étoiles", "et", "3", "lunes."],
    ],
    ["Bylo 20\u202f300 lidí.", "cs", ["Bylo", "20\u00a0300", "lidí."]],
    ["We were 20 300 times lost.", "en", ["We", "were", "20", "300", "times", "lost."]],
    ["Then 5 100 came.", "no tag", ["Then", "5", "100", "came."]],
  ])("keeps a number together that its language writes with spaces: %s", (narration, language, words) => {
    expect(splitWords(narration, language).map(({ text }) => text)).toEqual(words);
  });
});
