import { expect, it } from "vitest";
import { describeEstimate } from "./describe-estimate.ts";

it("gives one length, and says if the words are too few for the one that was asked for", () => {
  const estimate = { cost_usd: 0.052, seconds: 5.2 };
  expect(describeEstimate(estimate, 30)).toBe("about $0.05 for 5 s");
  expect(describeEstimate({ ...estimate, fills_length: false }, 180)).toBe(
    "about $0.05 for 5 s: too few words for 3 min",
  );
});
