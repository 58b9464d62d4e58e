import { describe, expect, it } from "vitest";
import { seeded } from "../../../tests/seeded.ts";
import { escapeAss } from "./escape-ass.ts";

describe("escapeAss", () => {
  it.each([
    ["{\\b1}", "\\{\\\u2060b1\\}"],
    ["\\N\\n\\h", "\\\u2060N\\\u2060n\\\u2060h"],
    ["\\{", "\\\u2060\\{"],
    ["a\nb\r\nc\u2028d", "a b c d"],
    ["x\u0000\u001by", "xy"],
    ["100% 'plain', \"text\"", "100% 'plain', \"text\""],
  ])("writes %j as %j", (text, written) => {
    expect(escapeAss(text)).toBe(written);
  });

  it("leaves no brace or backslash that libass would act on, whatever is typed", () => {
    const random = seeded(20_261_122);
    const alphabet = ["{", "}", "\\", "N", "n", "h", "b1", "\n", " ", "\u2060", "%", "\\{", "\u2028"];
    for (let run = 0; run < 2000; run++) {
      const text = Array.from({ length: 12 }, () => alphabet[Math.floor(random() * alphabet.length)]).join(
        "",
      );
      const escaped = escapeAss(text);
      const inert = escaped.replaceAll("\\\u2060", "").replaceAll("\\{", "").replaceAll("\\}", "");
      expect(inert, `seed 20261122, run ${run}: ${JSON.stringify(text)}`).not.toMatch(/[{}\\\n]/);
    }
  });
});
