import { describe, expect, it } from "vitest";
import { CameraMove } from "../../../contract/camera.ts";
import { filmSizes } from "../../../contract/film.ts";
import { seeded } from "../../../tests/seeded.ts";
import { framePicture } from "./frame-picture.ts";
import { looks, rowReach } from "./looks.ts";
import { planCamera, type Window, windowAt } from "./plan.ts";

const pictures = [
  { width: 1536, height: 1024 },
  { width: 1024, height: 1536 },
  { width: 1024, height: 1024 },
];
const frames = 160;
const look = looks.dreamlike;

describe.each(Object.entries(filmSizes))("a subject in a film of %s", (_, filmSize) => {
  it.each(pictures)("stays whole in every frame of a picture of %o if it fits at all", (picture) => {
    const random = seeded(7);
    for (let scene = 0; scene < 200; scene++) {
      const [w, h] = [0.05 + random() * 0.4, 0.05 + random() * 0.5];
      const box = { x: random() * (1 - w), y: random() * (1 - h), w, h };
      const { plate, focus } = framePicture(picture, box, filmSize);
      if (!focus) throw new Error("the subject is lost");
      const camera = { move: CameraMove.options[scene % 5] ?? "hold", pace: "quick" } as const;
      const move = planCamera({ scene, camera }, { ...plate, focus }, filmSize, frames, look);
      const seen = Array.from({ length: move.frames }, (_, frame) => windowAt(move, frame));
      // Rows slide to either side, so that much of the subject's room is needed.
      const reach = rowReach(look) * move.sway * Math.min(...seen.map(({ width }) => width));
      const least = (space: (window: Window) => number) => Math.min(...seen.map(space));
      const [narrowest, lowest] = [least(({ width }) => width), least(({ height }) => height)];
      const spaces = {
        besideLeft: least(({ x }) => x - reach),
        besideTop: least(({ y }) => y),
        besideRight: least(({ x, width }) => plate.width - x - width - reach),
        besideBottom: least(({ y, height }) => plate.height - y - height),
        top: least(({ y }) => focus.y - y),
        bottom: least(({ y, height }) => (focus.height > lowest ? 0 : y + height - focus.y - focus.height)),
        left: least(({ x }) => (focus.width > narrowest - 2 * reach ? 0 : focus.x - x - reach)),
        right: least(({ x, width }) =>
          focus.width > narrowest - 2 * reach ? 0 : x + width - focus.x - focus.width - reach,
        ),
      };
      for (const [side, space] of Object.entries(spaces))
        if (space < -1e-6) expect.fail(`scene ${scene}: ${side} ${space}`);
    }
  });

  it("is what an upright or square film cuts out of a wide picture, wherever it stands", () => {
    for (const x of [0, 0.4, 0.85]) {
      const box = { x, y: 0.3, w: 0.15, h: 0.4 };
      const { scaled, left, plate } = framePicture({ width: 1536, height: 1024 }, box, filmSize);
      expect(box.x * scaled.width).toBeGreaterThanOrEqual(left - 1);
      expect((box.x + box.w) * scaled.width).toBeLessThanOrEqual(left + plate.width + 1);
    }
  });

  it("still moves if the subject fills the picture", () => {
    const { plate, focus } = framePicture(pictures[0] as never, { x: 0, y: 0, w: 1, h: 1 }, filmSize);
    const { from, to } = planCamera({ scene: 0 }, { ...plate, focus }, filmSize, frames);
    expect(from.width / to.width).toBeGreaterThanOrEqual(1.04 - 1e-9);
  });
});

it("plans the same path for a subject in the preview and in the film", () => {
  const box = { x: 0.5, y: 0.3, w: 0.2, h: 0.4 };
  const picture = { width: 1536, height: 1024 };
  const parts = [filmSizes["16:9"], { width: 640, height: 360 }].map((filmSize) => {
    const { plate, focus } = framePicture(picture, box, filmSize);
    const { to } = planCamera({ scene: 2 }, { ...plate, focus }, filmSize, frames);
    return [to.x / plate.width, to.y / plate.height, to.width / plate.width];
  });
  for (const [i, value] of (parts[0] as number[]).entries()) expect(parts[1]?.[i]).toBeCloseTo(value, 2);
});
