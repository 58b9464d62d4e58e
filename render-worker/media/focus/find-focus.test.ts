import { describe, expect, it } from "vitest";
import type { FocusBox } from "../../../contract/storyboard.ts";
import { seeded } from "../../../tests/seeded.ts";
import { findAttention } from "./find-focus.ts";
import type { Thumbnail } from "./thumbnail.ts";

const [width, height] = [96, 64];
const findFocus = (thumbnail: Thumbnail, hint: FocusBox | null = null) =>
  findAttention(thumbnail, hint).focus;

const bottomOf = (box: FocusBox | null) => (box ? box.y + box.h : 0);

/** A sky with a glow over dark ground, with noise, and what `paint` adds. */
function landscape(seed: number, paint: (x: number, y: number) => number | null): Thumbnail {
  const random = seeded(seed);
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const [x, y] = [Math.floor(at / 3) % width, Math.floor(at / 3 / width)];
    const sky = 110 + y + 60 * Math.exp(-((x - 40) ** 2 + (y - 25) ** 2) / 500);
    return Math.round((paint(x, y) ?? (y > 46 ? 70 : sky)) + random() * 4);
  });
  return { width, height, rgb };
}

const figure = (left: number, top: number, right: number, bottom: number) => (x: number, y: number) =>
  x >= left && x < right && y >= top && y < bottom ? 15 : null;

describe("the subject of a picture", () => {
  it.each([
    [20, 20, 30, 55],
    [44, 12, 54, 50],
    [66, 24, 78, 56],
  ])("is the figure at %d, %d to %d, %d and not the glow behind it", (left, top, right, bottom) => {
    const box = findFocus(landscape(left, figure(left, top, right, bottom)));
    if (!box) throw new Error("nothing found");
    const slack = 5;
    expect(box.x * width).toBeLessThanOrEqual(left + slack);
    expect(box.y * height).toBeLessThanOrEqual(top + slack);
    expect((box.x + box.w) * width).toBeGreaterThanOrEqual(right - slack);
    expect((box.y + box.h) * height).toBeGreaterThanOrEqual(bottom - slack);
    expect(box.w * box.h).toBeLessThan(0.4);
  });

  it("is the same for the same pixels", () => {
    const find = () => findFocus(landscape(3, figure(20, 20, 30, 55)));
    expect(find()).toEqual(find());
  });

  it("is the one near the place that the storyboard names", () => {
    const [a, b] = [figure(14, 20, 22, 52), figure(72, 20, 80, 52)];
    const both = landscape(5, (x, y) => a(x, y) ?? b(x, y));
    const near = findFocus(both, { x: 0.7, y: 0.2, w: 0.2, h: 0.6 });
    expect(near?.x).toBeGreaterThan(0.5);
  });

  it("ends where the storyboard says that nothing stands, unless it stands elsewhere", () => {
    const expected = { x: 0.1, y: 0.1, w: 0.8, h: 0.65 };
    const reflected = landscape(6, figure(44, 20, 54, 62));
    expect(bottomOf(findFocus(reflected))).toBeGreaterThan(0.9);
    expect(bottomOf(findFocus(reflected, expected))).toBeCloseTo(0.75);
    const low = landscape(6, figure(20, 50, 76, 62));
    expect(bottomOf(findFocus(low, { x: 0.1, y: 0, w: 0.8, h: 0.3 }))).toBeGreaterThan(0.9);
  });

  it("is what the storyboard names in a picture in which nothing stands out, and else unknown", () => {
    const flat = { width, height, rgb: new Uint8Array(width * height * 3).fill(90) };
    const hint = { x: 0.1, y: 0.2, w: 0.3, h: 0.3 };
    expect(findFocus(flat, hint)).toEqual(hint);
    expect(findFocus(flat)).toBeNull();
  });

  it("is where the picture is busy", () => {
    const { busy } = findAttention(landscape(9, figure(44, 34, 54, 56)));
    expect(busy).toHaveLength(16);
    expect(Math.max(...busy.slice(0, 6))).toBeLessThan(Math.max(...busy.slice(9, 14)));
  });
});
