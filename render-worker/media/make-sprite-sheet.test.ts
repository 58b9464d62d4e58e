import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { buildSpriteSheetVtt, makeSpriteSheet, planSpriteSheet } from "./make-sprite-sheet.ts";

describe("planSpriteSheet", () => {
  it.each([1, 9.6, 29.9, 60, 61, 180])("covers %d seconds with at most 60 tiles", (seconds) => {
    const plan = planSpriteSheet({ width: 640, height: 360 }, seconds);
    expect(plan.columns * plan.rows).toBeLessThanOrEqual(60);
    expect(plan.columns * plan.rows * plan.everySeconds).toBeGreaterThanOrEqual(seconds);
    expect(plan.tile).toEqual({ width: 160, height: 90 });
  });
});

describe("makeSpriteSheet", () => {
  it("shows at each place the image that is nearest in time, whatever the scenes' lengths", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sheet-"));
    const preview = { width: 640, height: 360 };
    const frames = [64, 48, 80];
    // Each image is evenly grey, brighter than the one before it in the film.
    let image = 0;
    const strips = await Promise.all(
      frames.map((length) => {
        const images = Array.from({ length: length / 16 }, () =>
          Buffer.alloc(160 * 90 * 1.5, 128).fill(30 + 10 * image++, 0, 160 * 90),
        );
        return { strip: async () => Buffer.concat(images), frames: length };
      }),
    );
    const to = join(folder, "sheet.jpg");
    const plan = planSpriteSheet(preview, 192 / 30);
    await makeSpriteSheet(strips, plan, to, new AbortController().signal);
    const { data, info } = await sharp(to).greyscale().raw().toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([plan.columns * 160, plan.rows * 90]);
    const shown = Array.from(
      { length: plan.columns },
      (_, i) => data[45 * info.width + i * 160 + 80] as number,
    );
    const expected = [0, 2, 3, 6, 8, 9, 11].map((nearest) =>
      Math.round(((30 + 10 * nearest - 16) * 255) / 219),
    );
    for (const [i, grey] of expected.entries()) expect(Math.abs((shown[i] ?? 0) - grey)).toBeLessThan(4);
    await rm(folder, { recursive: true });
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
