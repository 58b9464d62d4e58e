import { describe, expect, it } from "vitest";
import { cleanText } from "./clean-text.ts";

describe("cleanText", () => {
  it.each([
    ["two\r\nlines\u2028and\u2029more\u0085", "two lines and more"],
    ["bell\u0007 and \u0000null", "bell and null"],
    ["\u202eturned\u202c \u2066around\u2069", "turned around"],
    ["soft\u00adhyphen\ufeff", "softhyphen"],
    ["👨‍👩‍👧 👍🏽 ❤️ 1️⃣", "👨👩👧 👍 ❤ 1"],
    ["🇩🇪🇫🇷", "DEFR"],
    ["می‌خواهم", "می‌خواهم"],
    ["क्‍ष", "क्‍ष"],
    ["e\u0301", "é"],
    ["\ud800 lone", "lone"],
  ])("shows %j as %j", (text, shown) => {
    expect(cleanText(text)).toBe(shown);
  });

  it("cuts towers of accents to three", () => {
    expect(cleanText(`z${"\u0334".repeat(40)}o`)).toBe(`z${"\u0334".repeat(3)}o`);
  });

  it("leaves out what no font draws", () => {
    expect(cleanText("a🫠b", new Set(["🫠"]))).toBe("ab");
  });
});
