import { describe, expect, it } from "vitest";
import { CameraMove, CameraPace } from "../../../contract/camera.ts";
import { filmSizes } from "../../../contract/film.ts";
import { framePicture } from "./frame-picture.ts";
import { looks, plainLook, rowReach } from "./looks.ts";
import { type Move, planCamera, plateSize, type Size, windowAt, zoom } from "./plan.ts";
import { shiftsAt } from "./row-shifts.ts";

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
const cameras = CameraMove.options.flatMap((move) => CameraPace.options.map((pace) => ({ move, pace })));
const frames = 160;
const everyFrame = (move: Move) => Array.from({ length: move.frames }, (_, frame) => windowAt(move, frame));

describe.each(films)("a camera of %s", (_, filmSize) => {
  it.each(pictures)("never shows anything beside a picture of %o", (picture) => {
    const { scaled, plate } = plateSize(picture, filmSize);
    expect(plate.width).toBeLessThanOrEqual(scaled.width);
    expect(plate.height).toBeLessThanOrEqual(scaled.height);
    expect(scaled.width / picture.width).toBeCloseTo(scaled.height / picture.height, 0);
    for (const look of [plainLook, looks.dreamlike])
      for (const [index, camera] of [undefined, ...cameras].entries()) {
        const move = planCamera({ scene: index % 2, camera }, plate, filmSize, frames, look);
        expect(move.frames).toBe(frames + look.fadeFrames);
        for (const [frame, seen] of everyFrame(move).entries()) {
          const beside = [0, 0.2, 0.4, 0.6, 0.8, 1].map(shiftsAt(move, frame, look));
          const reach = Math.max(...beside.map(Math.abs)) * seen.width;
          expect(reach).toBeLessThanOrEqual(rowReach(look) * seen.width + 1e-9);
          const room = { left: seen.x - reach, right: plate.width - seen.x - seen.width - reach };
          expect(Math.min(room.left, room.right, seen.y)).toBeGreaterThanOrEqual(-1e-6);
          expect(seen.y + seen.height).toBeLessThanOrEqual(plate.height + 1e-9);
          expect(seen.width / seen.height).toBeCloseTo(filmSize.width / filmSize.height, 9);
        }
      }
  });

  it("is as sharp as its frame at the closest zoom", () => {
    const { plate } = plateSize({ width: 1536, height: 1024 }, filmSize);
    const camera = { move: "push_in", pace: "quick" } as const;
    const { from, to } = planCamera({ scene: 1, camera }, plate, filmSize, frames);
    expect(to.width).toBeGreaterThanOrEqual(filmSize.width - 1e-6);
    expect(to.width).toBeLessThan(filmSize.width * 1.005);
    expect(from.width / to.width).toBeCloseTo(zoom, 9);
  });

  it.each(pictures.slice(0, 2))(
    "keeps the top of a picture of %o in sight, unless the subject is low",
    (picture) => {
      const shapes = [picture, filmSize].map(({ width, height }) => width / height);
      if (Math.max(...shapes) > 1.25 * Math.min(...shapes)) return;
      for (const box of [null, { x: 0.3, y: 0.1, w: 0.3, h: 0.6 }, { x: 0.1, y: 0.3, w: 0.5, h: 0.4 }])
        for (const camera of cameras) {
          const { scaled, plate, top, focus } = framePicture(picture, box, filmSize);
          const { from, to } = planCamera({ scene: 0, camera }, { ...plate, focus }, filmSize, frames);
          const close = to.width <= from.width ? to : from;
          expect((top + close.y) / scaled.height).toBeLessThanOrEqual(0.04 + 1e-3);
        }
    },
  );
});

describe("a camera's way", () => {
  const filmSize = filmSizes["16:9"];
  const { plate } = plateSize({ width: 1536, height: 1024 }, filmSize);
  const speedsOf = (move: Move) => {
    const seen = everyFrame(move);
    const total = Math.abs(move.to.width - move.from.width);
    return seen.slice(1).map(({ width }, at) => Math.abs(width - (seen[at]?.width ?? 0)) / total);
  };

  it("goes on under the crossfade into the next scene, and never changes its speed at once", () => {
    const speeds = speedsOf(planCamera({ scene: 3 }, plate, filmSize, 144));
    expect(Math.min(...speeds)).toBeGreaterThan(0.6 / 160);
    for (let at = 1; at < speeds.length; at++)
      expect(Math.abs((speeds[at] as number) - (speeds[at - 1] as number))).toBeLessThan(0.02 / 160);
  });

  it("starts the film from a standstill and ends it in one", () => {
    const first = speedsOf(planCamera({ scene: 0 }, plate, filmSize, 144));
    expect(first[0]).toBeLessThan(0.05 / 160);
    const last = planCamera({ scene: 4, closing: true }, plate, filmSize, 144);
    expect(last.frames).toBe(144);
    expect(speedsOf(last).at(-1)).toBeLessThan(0.05 / 144);
  });

  it("is the move and the pace that the storyboard names", () => {
    const way = (move: CameraMove, pace: CameraPace = "usual") =>
      planCamera({ scene: 2, camera: { move, pace } }, plate, filmSize, 144);
    const zoomOf = ({ from, to }: Move) => from.width / to.width;
    expect(zoomOf(way("push_in"))).toBeGreaterThan(1.07);
    expect(zoomOf(way("pull_back"))).toBeLessThan(1 / 1.07);
    expect(zoomOf(way("hold"))).toBeLessThan(1.03);
    expect(zoomOf(way("hold"))).toBeGreaterThan(1.01);
    for (const move of ["pan", "rise"] as const) expect(zoomOf(way(move))).toBe(1);
    expect(way("pan").to.x - way("pan").from.x).toBeGreaterThan(100);
    expect(way("rise").from.y - way("rise").to.y).toBeGreaterThan(60);
    const paces = CameraPace.options.map((pace) => zoomOf(way("push_in", pace)));
    expect(paces).toEqual(paces.toSorted((a, b) => a - b));
    expect(new Set(paces).size).toBe(3);
  });

  it("goes the other way in each second scene, the same way for the same scene", () => {
    const camera = { move: "pan", pace: "slow" } as const;
    const ways = [1, 2, 1].map((scene) => planCamera({ scene, camera }, plate, filmSize, 144));
    expect(ways[0]?.from.x).toBeGreaterThan(ways[0]?.to.x as number);
    expect(ways[1]?.from.x).toBeLessThan(ways[1]?.to.x as number);
    expect(ways[2]).toEqual(ways[0]);
  });
});
