import { expect, it } from "vitest";
import { readNumber } from "./read-number.ts";

it.each([
  ["0.0001", "en", "zero point zero zero zero one"],
  ["1,200", "en", "one thousand two hundred"],
  ["1.200", "en", "one point two zero zero"],
  ["1989", "en", "nineteen eighty nine"],
  ["1907", "en", "nineteen oh seven"],
  ["1900", "en", "nineteen hundred"],
  ["2007", "en", "two thousand seven"],
  ["007", "en", "zero zero seven"],
  ["1,234.56", "en", "one thousand two hundred thirty four point five six"],
  ["1.5.2", "en", "one five two"],
  ["1.200", "de", "eintausendzweihundert"],
  ["1.234.567", "de", "eine Million zweihundertvierunddreißigtausendfünfhundertsiebenundsechzig"],
  ["1.234,5", "de", "eintausendzweihundertvierunddreißig komma fünf"],
  ["12:30", "de", "zwölf dreißig"],
  ["24.12.1999", "de", "vierundzwanzig zwölf eintausendneunhundertneunundneunzig"],
  ["3,25", "fr", "trois virgule vingt cinq"],
  ["3,05", "fr", "trois virgule zéro cinq"],
  ["1989", "pl", "tysiąc dziewięćset osiemdziesiąt dziewięć"],
  ["12,34,567", "hi", "बारह लाख चौंतीस हज़ार पाँच सौ सड़सठ"],
  ["१९८९", "hi", "एक हज़ार नौ सौ नवासी"],
  ["3.14", "zh", "三 点 一 四"],
  ["1200", "ja", "千二百"],
])("reads %s (%s) as %s", (written, language, words) => {
  expect(readNumber(written, language)?.join(" ")).toBe(words);
});

it("reads a very long one figure by figure", () => {
  expect(readNumber("9".repeat(40), "en")).toEqual(Array(40).fill("nine"));
});

it("knows nothing of a language without a reader", () => {
  expect(readNumber("12", "und")).toBeNull();
});
