import { describe, expect, it } from "vitest";
import type { RedoScene } from "../../contract/job.ts";
import { limits } from "../../contract/limits.ts";
import { type Storyboard, storyboardBytes } from "../../contract/storyboard.ts";
import { changeScene, requireStorableSize } from "./change-scene.ts";

const scene = (narration: string, takes = 0) => ({
  narration,
  picture: `a picture of ${narration}`,
  picture_take: takes,
  voice_take: takes,
});
const storyboard = { title: "Sea", language: "en", scenes: [scene("one"), scene("two", 3), scene("three")] };
/** The numbers of the next takes; the scene shows other ones. */
const next = { picture: 7, voice: 8 };

describe("changing a scene", () => {
  it("asks for the picture once more where no words are given", () => {
    const changed = changeScene(storyboard, 1, {}, next);
    expect(changed).toMatchObject({ picture: true, voice: false });
    expect(changed?.storyboard.scenes[1]).toEqual({ ...storyboard.scenes[1], picture_take: 7 });
  });

  it("takes new words as they are, and leaves the other half alone", () => {
    const painted = changeScene(storyboard, 1, { picture: "a whale" }, next);
    expect(painted).toMatchObject({ picture: true, voice: false });
    expect(painted?.storyboard.scenes[1]).toEqual({
      ...storyboard.scenes[1],
      picture: "a whale",
      picture_take: 0,
    });
    const told = changeScene(storyboard, 1, { narration: "I woke." }, next);
    expect(told).toMatchObject({ picture: false, voice: true });
    expect(told?.storyboard.scenes[1]).toEqual({
      ...storyboard.scenes[1],
      narration: "I woke.",
      voice_take: 0,
    });
  });

  it("makes another take of the same words", () => {
    const again = changeScene(storyboard, 1, { narration: "two" }, next);
    expect(again?.storyboard.scenes[1]).toEqual({ ...storyboard.scenes[1], voice_take: 8 });
  });

  it("touches no other scene, nor what it was given", () => {
    const before = structuredClone(storyboard);
    const changed = changeScene(storyboard, 1, { picture: "a whale", narration: "I woke." }, next);
    expect(changed?.storyboard.scenes.filter((_, at) => at !== 1)).toEqual([
      before.scenes[0],
      before.scenes[2],
    ]);
    expect(storyboard).toEqual(before);
  });

  it("refuses a text with which no worker could report the storyboard, and takes one that makes it smaller", () => {
    const long = { narration: "\u{1F300}".repeat(2_000), picture: "\u{1F300}".repeat(2_000) };
    let before: Storyboard = { ...storyboard, scenes: Array.from({ length: 40 }, () => scene("one")) };
    const redo = (index: number, change: RedoScene) => {
      const after = changeScene(before, index, change, next)?.storyboard as Storyboard;
      requireStorableSize(before, after, change);
      before = after;
    };
    for (const index of [0, 1, 2]) redo(index, long);
    expect(() => redo(3, long)).toThrow(
      expect.objectContaining({ code: "request.invalid" }) as unknown as Error,
    );
    expect(storyboardBytes(before)).toBeLessThanOrEqual(limits.storyboardBytes);

    const scenes = Array.from({ length: 40 }, () => ({ ...scene("two"), ...long }));
    before = { ...storyboard, scenes };
    redo(0, { narration: "short", picture: "short" });
    expect(() => redo(0, long)).toThrow();
  });

  it("knows no scene beyond the last", () => {
    expect(changeScene(storyboard, 3, {}, next)).toBeNull();
  });
});
