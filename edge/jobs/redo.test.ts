import { describe, expect, it } from "vitest";
import { changeScene } from "./redo.ts";

const scene = (narration: string, takes = 0) => ({
  narration,
  picture: `a picture of ${narration}`,
  picture_take: takes,
  voice_take: takes,
});
const storyboard = { title: "Sea", language: "en", scenes: [scene("one"), scene("two", 3), scene("three")] };

describe("changing a scene", () => {
  it("asks for the picture once more where no words are given", () => {
    const changed = changeScene(storyboard, 1, {});
    expect(changed).toMatchObject({ picture: true, voice: false });
    expect(changed?.storyboard.scenes[1]).toEqual({ ...storyboard.scenes[1], picture_take: 4 });
  });

  it("takes new words as they are, and leaves the other half alone", () => {
    const painted = changeScene(storyboard, 1, { picture: "a whale" });
    expect(painted).toMatchObject({ picture: true, voice: false });
    expect(painted?.storyboard.scenes[1]).toEqual({
      ...storyboard.scenes[1],
      picture: "a whale",
      picture_take: 0,
    });
    const told = changeScene(storyboard, 1, { narration: "I woke." });
    expect(told).toMatchObject({ picture: false, voice: true });
    expect(told?.storyboard.scenes[1]).toEqual({
      ...storyboard.scenes[1],
      narration: "I woke.",
      voice_take: 0,
    });
  });

  it("makes another take of the same words", () => {
    const again = changeScene(storyboard, 1, { narration: "two" });
    expect(again?.storyboard.scenes[1]).toEqual({ ...storyboard.scenes[1], voice_take: 4 });
  });

  it("touches no other scene, nor what it was given", () => {
    const before = structuredClone(storyboard);
    const changed = changeScene(storyboard, 1, { picture: "a whale", narration: "I woke." });
    expect(changed?.storyboard.scenes.filter((_, at) => at !== 1)).toEqual([
      before.scenes[0],
      before.scenes[2],
    ]);
    expect(storyboard).toEqual(before);
  });

  it("knows no scene beyond the last", () => {
    expect(changeScene(storyboard, 3, {})).toBeNull();
  });
});
