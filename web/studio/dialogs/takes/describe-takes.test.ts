import { expect, it } from "vitest";
import type { Take, TakeList } from "../../../../contract/takes.ts";
import { describeNote, describeOffer, describeState, describeTake } from "./describe-takes.ts";

const take: Take = {
  ...{ id: "0123456789abcdef", asset: "picture", number: 2, status: "ready", is_chosen: false },
  ...{ prompt: "A sea", cost_usd: 0.04, created_at: "2026-11-28T02:00:00Z", job_id: "job_1" },
  ...{ picture_url: null, audio_url: null, error: null },
  ...{ film_url: null, is_softened: false, is_file_gone: false },
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

it("says why a take failed, that it is gentler than described, and that its file is gone", () => {
  expect(describeNote(take)).toBe("");
  const error = { code: "picture.refused", message: "Describe it otherwise." };
  expect(describeNote({ ...take, status: "failed", error })).toBe("Describe it otherwise.");
  expect(describeNote({ ...take, is_softened: true })).toContain("painted this gentler picture");
  expect(describeNote({ ...take, is_softened: true, is_file_gone: true })).toMatch(
    /gentler.*too old to be shown/,
  );
});

it("sends to the film for a voice that cannot be played here", () => {
  const voice: Take = { ...take, asset: "voice" };
  expect(describeNote(voice)).toBe("Hear it in the film.");
  expect(describeNote({ ...voice, film_url: "https://edge.example/film.mp4#t=3,5" })).toBe("");
  expect(describeNote({ ...voice, is_file_gone: true })).toContain("too old to be played");
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
