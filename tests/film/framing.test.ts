/** Twenty scenes of the AI simulator, whose painter tells where it painted the figures. */
import { expect, it } from "vitest";
import { measureScene } from "../../bench/framing/measure-scene.ts";
import { framedScenes, paintScene } from "../../bench/framing/scenes.ts";

it.each([
  ["16:9", { cut: 0.7, over: 0.6 }],
  ["9:16", { cut: 1, over: 0.5 }],
] as const)(
  "camera and captions of %s know the subject",
  (shape, most) => {
    const painted = framedScenes
      .slice(0, 20)
      .map((scene) => paintScene(scene, shape))
      .filter(({ subject }) => subject !== null);
    const [before, after] = [false, true].map((knowsSubject) => {
      const framed = painted.map((scene, index) => measureScene(scene, { shape, index, knowsSubject }));
      return {
        cut: framed.filter(({ partCut }) => partCut > 0).length,
        over: framed.filter(({ captionsOver }) => captionsOver).length,
      };
    }) as [Record<"cut" | "over", number>, Record<"cut" | "over", number>];
    expect(painted.length).toBeGreaterThan(15);
    expect(after.cut, "scenes that cut it").toBeLessThanOrEqual(before.cut * most.cut);
    expect(after.over, "captions over it").toBeLessThanOrEqual(before.over * most.over);
  },
  60_000,
);
