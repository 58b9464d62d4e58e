/** Twenty scenes of the AI simulator, whose painter tells where it painted the figures. */
import { expect, it } from "vitest";
import { measureScene } from "../../bench/framing/measure-scene.ts";
import { framedScenes, paintScene } from "../../bench/framing/scenes.ts";

const positions = ["first", "later"] as const;

it.each(["16:9", "9:16", "1:1"] as const)(
  "the camera of %s cuts no subject, and neither captions nor a first scene's title lie over any part of it",
  (shape) => {
    for (const position of positions) {
      const painted = framedScenes
        .slice(0, 20)
        .map((scene) => paintScene(scene, shape, position))
        .filter(({ subject }) => subject !== null);
      const framed = painted.map((scene, index) => measureScene(scene, { shape, index, knowsSubject: true }));
      const sentencesOf = (is: (one: (typeof framed)[number]) => boolean) =>
        painted.filter((_, i) => is(framed[i] as (typeof framed)[number])).map(({ sentence }) => sentence);
      expect(painted.length).toBeGreaterThan(15);
      expect(sentencesOf(({ partCut }) => partCut > 0)).toEqual([]);
      expect(sentencesOf(({ captionsOver }) => captionsOver)).toEqual([]);
      if (position === "first") expect(sentencesOf(({ titleOver }) => titleOver)).toEqual([]);
    }
  },
);
