import { describe, expect, it } from "vitest";
import { ago, count, dollars, duration, plural } from "./format.ts";

describe("numbers and times", () => {
  it.each([
    [0, "0 s"],
    [0.42, "0.4 s"],
    [9.96, "10 s"],
    [59.6, "1 min"],
    [200, "3 min 20 s"],
    [3_599.9, "1 h"],
    [7_500, "2 h 5 min"],
    [86_399, "1 d"],
    [100_000, "1 d 4 h"],
  ])("writes %d seconds in at most two units", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it("measures ages by the service's clock, and gives no negative age", () => {
    const now = Date.parse("2026-11-01T10:00:00Z");
    expect(ago("2026-11-01T09:59:00Z", now)).toBe("1 min ago");
    expect(ago("2026-11-01T10:00:05Z", now)).toBe("just now");
  });

  it("shows amounts below one cent", () => {
    expect([0, 0.00421, 0.12, 1234.5].map(dollars)).toEqual(["$0.00", "$0.0042", "$0.12", "$1,234.50"]);
  });

  it("marks where counting ended, and uses the singular", () => {
    expect([count(9_999), count(10_000)]).toEqual(["9,999", "10,000+"]);
    expect([plural(1, "job"), plural(0, "job"), plural(2, "machine")]).toEqual([
      "1 job",
      "0 jobs",
      "2 machines",
    ]);
  });
});
