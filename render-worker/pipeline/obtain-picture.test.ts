import { describe, expect, it } from "vitest";
import { Cancelled, OverBudget, Poison, Rejected, Transient, Unsure } from "../errors.ts";
import { placeholderReason } from "./obtain-picture.ts";

const usual = { isAway: false, onBudget: "fail" } as const;

describe("a picture that cannot be bought", () => {
  it.each([
    ["the provider refused it", new Poison("openai.refused", "", { aiFault: "refused" }), "picture.refused"],
    [
      "the provider cannot use the request",
      new Poison("openai.bad_request", "", { aiFault: "bad_request" }),
      "picture.refused",
    ],
    [
      "it fails while others are served",
      new Transient("openai.unavailable", "", { aiFault: "unavailable" }),
      "picture.failed",
    ],
    [
      "its answers cannot be read",
      new Unsure("openai.malformed", "", { aiFault: "unreadable" }),
      "picture.failed",
    ],
    ["what was bought cannot be decoded", new Poison("media.unreadable", ""), "picture.unusable"],
  ])("is painted here where %s", (_, error, code) => {
    expect(placeholderReason(error, usual)).toMatchObject({ code });
  });

  it.each([
    [
      "the provider is away",
      new Transient("openai.unavailable", "", { aiFault: "unavailable" }),
      { ...usual, isAway: true },
    ],
    ["the circuit is open", new Transient("openai.circuit_open", "", { aiFault: "away" }), usual],
    [
      "the provider limits our rate",
      new Transient("openai.rate_limited", "", { aiFault: "rate_limited" }),
      usual,
    ],
    [
      "its key, model or account is wrong",
      new Rejected("picture.no_credit", "", { aiFault: "configuration" }),
      usual,
    ],
    ["it is unknown what was paid", new Rejected("ai.outcome_unknown", ""), usual],
    ["the store is away", new Transient("storage.unavailable", ""), usual],
    ["the job was cancelled", new Cancelled("job.cancelled", ""), usual],
    ["there is a bug", new TypeError("bug"), usual],
  ])("stops the film where %s", (_, error, world) => {
    expect(placeholderReason(error, world)).toBeNull();
  });

  it("is painted for want of money only where its owner wants that", () => {
    for (const code of ["budget.job_exceeded", "budget.owner_exceeded"]) {
      expect(placeholderReason(new OverBudget(code, ""), usual)).toBeNull();
      expect(placeholderReason(new OverBudget(code, ""), { ...usual, onBudget: "degrade" })).toMatchObject({
        code: "picture.over_budget",
      });
    }
  });
});
