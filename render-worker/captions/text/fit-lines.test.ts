import { describe, expect, it } from "vitest";
import { fitLines, textOf } from "./fit-lines.ts";

const limits = { width: 20, maxLines: 2, minScale: 0.5, measure: (text: string) => text.length };
const words = (text: string) => text.split(" ").map((part) => ({ text: part }));
const fitted = (text: string) => {
  const { lines, scale } = fitLines(words(text), limits);
  return { lines: lines.map(textOf), scale };
};

describe("fitLines", () => {
  it("leaves on one line what fits on one", () => {
    expect(fitted("a slow green river")).toEqual({ lines: ["a slow green river"], scale: 1 });
  });

  it("breaks into lines of about equal length", () => {
    expect(fitted("the street turned into a river")).toEqual({
      lines: ["the street turned", "into a river"],
      scale: 1,
    });
  });

  it("does not leave an article at a line's end", () => {
    expect(fitted("waiting with a lantern there").lines).toEqual(["waiting with", "a lantern there"]);
  });

  it("shrinks a word that is too wide", () => {
    const { lines, scale } = fitted("Straßenverkehrsordnung");
    expect(lines).toEqual(["Straßenverkehrsordnung"]);
    expect(scale).toBeCloseTo(20 / 22);
  });

  it("cuts a word that would become too small, evenly and with hyphens", () => {
    const { lines } = fitted("x".repeat(60));
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^x{28,32}-$/);
    expect(lines.join("").replace("-", "")).toBe("x".repeat(60));
  });

  it("never splits what a reader sees as one character", () => {
    const family = "👨‍👩‍👧‍👦";
    const { lines } = fitLines([{ text: family.repeat(12) }], limits);
    for (const line of lines) expect(textOf(line).replaceAll(family, "").replace("…", "")).toBe("");
  });

  it("says so when it has to leave something out", () => {
    const { lines, scale } = fitted("word ".repeat(60).trim());
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
    expect(scale).toBeGreaterThanOrEqual(0.45);
  });
});
