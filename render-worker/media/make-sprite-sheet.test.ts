import { describe, expect, it } from "vitest";
import { buildSpriteSheetVtt, planSpriteSheet } from "./make-sprite-sheet.ts";

describe("planSpriteSheet", () => {
  it.each([1, 9.6, 29.9, 60, 61, 180])("covers %d seconds with at most 60 tiles", (seconds) => {
    const plan = planSpriteSheet({ width: 640, height: 360 }, seconds);
    expect(plan.columns * plan.rows).toBeLessThanOrEqual(60);
    expect(plan.columns * plan.rows * plan.everySeconds).toBeGreaterThanOrEqual(seconds);
    expect(plan.tile).toEqual({ width: 160, height: 90 });
  });
});

describe("buildSpriteSheetVtt", () => {
  it("names a part of the sheet for every moment, and ends with the film", () => {
    const vtt = buildSpriteSheetVtt(planSpriteSheet({ width: 640, height: 360 }, 11.2), "storyboard.jpg");
    const cues = vtt.split("\n\n").slice(1);
    expect(cues).toHaveLength(12);
    expect(cues[10]?.trim()).toBe("00:00:10.000 --> 00:00:11.000\nstoryboard.jpg#xywh=0,90,160,90");
    expect(cues[11]?.trim()).toBe("00:00:11.000 --> 00:00:11.200\nstoryboard.jpg#xywh=160,90,160,90");
  });
});
