import { expect, it } from "vitest";
import type { JobEvent } from "../../../contract/event.ts";
import { describeLoss, filmWords } from "./film-words.ts";

const storyboard = (...narrations: string[]) =>
  ({
    ...{ seq: 3, job_id: "job_1", at: "2026-01-01T00:00:00.000Z", type: "job.storyboard" },
    data: { title: "T", language: "en", scenes: narrations.map((narration) => ({ narration })) },
  }) as unknown as JobEvent;

it("reads the words of the film, which may differ from the dream's after a redo", () => {
  const log = [storyboard("I flew."), storyboard("I flew.", "I fell up.")];
  expect(filmWords(log)).toBe("I flew.\nI fell up.");
  expect(filmWords([])).toBeNull();
});

it("offers the film's words only where they are not the dream's", () => {
  expect(describeLoss("I flew.\nI fell up.", "I flew. I fell down.")).toMatchObject({ canUseWords: true });
  expect(describeLoss("I flew.\nI fell down.", "I flew.  I fell down.")).toMatchObject({
    canUseWords: false,
  });
  expect(describeLoss(null, "I flew.")).toMatchObject({ canUseWords: false });
});
