import { describe, expect, it } from "vitest";
import { filmSizes } from "../../../contract/film.ts";
import { fadeFrames } from "../grid.ts";
import { planCamera, plateSize, type Size, windowAt, zoom } from "./plan.ts";

const films = Object.entries(filmSizes);
const pictures: Size[] = [
  { width: 1536, height: 1024 },
  { width: 1024, height: 1536 },
  { width: 1024, height: 1024 },
  { width: 4000, height: 400 },
  { width: 400, height: 4000 },
  { width: 17, height: 13 },
  { width: 1920, height: 1080 },
];

describe.each(films)("a camera of %s", (_, filmSize) => {
  it.each(pictures)("never shows anything beside a picture of %o", (picture) => {
    const { scaled, plate } = plateSize(picture, filmSize);
    expect(plate.width).toBeLessThanOrEqual(scaled.width);
    expect(plate.height).toBeLessThanOrEqual(scaled.height);
    expect(scaled.width / picture.width).toBeCloseTo(scaled.height / picture.height, 0);
    for (let scene = 0; scene < 8; scene++) {
      const frames = 160;
      const move = planCamera(scene, plate, filmSize, frames);
      for (let frame = 0; frame < frames + fadeFrames; frame++) {
        const seen = windowAt(move, frame);
        expect(seen.x).toBeGreaterThanOrEqual(-1e-9);
        expect(seen.y).toBeGreaterThanOrEqual(-1e-9);
        expect(seen.x + seen.width).toBeLessThanOrEqual(plate.width + 1e-9);
        expect(seen.y + seen.height).toBeLessThanOrEqual(plate.height + 1e-9);
        expect(seen.width / seen.height).toBeCloseTo(filmSize.width / filmSize.height, 9);
      }
    }
  });

  it("is as sharp as its frame at the closest zoom, and goes from 1.00 to 1.12 and back in turn", () => {
    const { plate } = plateSize({ width: 1536, height: 1024 }, filmSize);
    const widths = [0, 1].map((scene) => {
      const move = planCamera(scene, plate, filmSize, 160);
      return [windowAt(move, 0).width, windowAt(move, 160 + fadeFrames - 1).width] as const;
    });
    const [[wide, close], [closeFirst, wideLast]] = widths as [[number, number], [number, number]];
    expect(close).toBeGreaterThanOrEqual(filmSize.width - 1e-6);
    expect(close).toBeLessThan(filmSize.width * 1.005);
    expect(wide / close).toBeCloseTo(zoom, 9);
    expect([closeFirst, wideLast]).toEqual([close, wide]);
  });
});

describe("a camera's way", () => {
  const filmSize = filmSizes["16:9"];
  const { plate } = plateSize({ width: 1536, height: 1024 }, filmSize);

  it("goes on evenly under the crossfade into the next scene", () => {
    const move = planCamera(3, plate, filmSize, 144);
    const speeds = Array.from({ length: 144 + fadeFrames - 1 }, (_, frame) => {
      const [here, next] = [windowAt(move, frame), windowAt(move, frame + 1)];
      return [next.x - here.x, next.y - here.y, next.width - here.width];
    });
    for (const speed of speeds)
      for (const axis of [0, 1, 2]) expect(speed[axis]).toBeCloseTo(speeds[0]?.[axis] as number, 9);
  });

  it("takes another direction in each of four scenes, the same one for the same scene", () => {
    const ways = [0, 1, 2, 3, 4].map((scene) => JSON.stringify(planCamera(scene, plate, filmSize, 144)));
    expect(new Set(ways.slice(0, 4)).size).toBe(4);
    expect(ways[4]).toBe(ways[0]);
  });
});
