import { expect, it } from "vitest";
import type { Segment } from "../../../contract/segment.ts";
import { clock, describePart } from "./describe-part.ts";
import { nextOrder, type Part, type PartView } from "./part.ts";

const here = { isOnline: true, isPaused: false };
const view = (part: Partial<Part>, segment: Partial<Segment> | null = null): PartView => ({
  part: { state: "uploaded", edited: null, ...part } as Part,
  segment: segment as Segment | null,
  problem: null,
});

it("a part says in words what happens to it", () => {
  const say = (shown: PartView, around = here) => describePart(shown, around).text;
  expect(say(view({ state: "recording" }))).toBe("Recording");
  expect(say(view({ state: "recording" }), { ...here, isPaused: true })).toBe("Paused");
  expect(say(view({ state: "recorded" }))).toBe("Uploading");
  expect(say(view({ state: "recorded" }), { ...here, isOnline: false })).toContain("Saved on this device");
  expect(say(view({}, { status: "queued", transcript: null }))).toContain("Uploaded");
  expect(say(view({}, { status: "transcribed", transcript: "I flew." }))).toBe("Text is ready");
  const error = { code: "segment.no_speech", message: "No speech was heard.", retryable: false };
  expect(say(view({}, { status: "failed", transcript: null, error }))).toBe("No speech was heard.");
});

it("a new part comes after the last one, also if parts between were deleted", () => {
  expect(nextOrder([])).toBe(0);
  expect(nextOrder([{ order: 0 }, { order: 4 }])).toBe(5);
  expect(clock(65.9)).toBe("1:05");
});
