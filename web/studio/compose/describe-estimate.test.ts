import { expect, it } from "vitest";
import { describeEstimate } from "./describe-estimate.ts";

it("gives one length, and says if the words are too few for the one that was asked for", () => {
  const estimate = { cost_usd: 0.052, seconds: 5.2 };
  expect(describeEstimate(estimate, 30)).toBe("about $0.05 for 5 s");
  expect(describeEstimate({ ...estimate, fills_length: false }, 180)).toBe(
    "about $0.05 for 5 s: too few words for 3 min",
  );
});

it("says before a film is asked for how many words of a long dream fit", () => {
  const shortening = { unit: "words", has: 3_000, fit: 470 } as const;
  expect(describeEstimate({ cost_usd: 1.4, seconds: 180, fills_length: true, shortening }, 180)).toBe(
    "about $1.40 for 3 min. The dream has 3,000 words, and a film of 180 s has room for about 470: " +
      "the rest is told shorter or left out. No film is longer.",
  );
});
