import { expect, it } from "vitest";
import type { Take, TakeList } from "../../../../contract/takes.ts";
import { describeOffer, describeState, describeTake } from "./describe-takes.ts";

const take: Take = {
  ...{ id: "0123456789abcdef", asset: "picture", number: 2, status: "ready", is_chosen: false },
  ...{ prompt: "A sea", cost_usd: 0.04, created_at: "2026-11-28T02:00:00Z", job_id: "job_1" },
  ...{ picture_url: null, audio_url: null, error: null },
};
const list: TakeList = {
  ...{ dream_id: "d", scene: 0, film_job_id: "job_0", job: null, takes: [take] },
  price: { picture_usd: 0.04, voice_usd: 0.001 },
};

it("says what a take is, and what it cost", () => {
  expect(describeTake(take)).toBe("Picture 2, $0.04");
  expect(describeTake({ ...take, cost_usd: 0 })).toBe("Picture 2, paid before");
  expect(describeTake({ ...take, status: "making" })).toBe("Picture 2, being painted");
  expect(describeTake({ ...take, asset: "voice", status: "failed" })).toBe("Voice 2, could not be bought");
});

it("says the price before anything is bought", () => {
  expect(describeOffer(list, "picture", 3, false)).toBe(
    "3 pictures with the scene's own words, for about $0.12.",
  );
  expect(describeOffer(list, "voice", 1, true)).toBe("1 voice with your words, for less than $0.01.");
});

it("says what is being bought, and why nothing came of it", () => {
  expect(describeState(list, "picture")).toBe("");
  const making = { ...list, takes: [{ ...take, status: "making" as const }] };
  expect(describeState(making, "picture")).toContain("1 picture will be here soon");
  expect(describeState(making, "voice")).toBe("");
  const error = { code: "budget.owner_exceeded", message: "The budget of the day is spent." };
  const failed = { ...list, job: { job_id: "j", scene: 0, status: "failed" as const, error } };
  expect(describeState(failed, "picture")).toContain("The budget of the day is spent.");
});
