/**
 * Paints the prompt's motifs into a place: first things in the air and built things, then animals, then
 * people, and last the lights that they carry.
 */

import type { Scene, Spots } from "../scene.ts";
import { paintBolt, paintRain, paintSnowfall } from "../sky/paint-weather.ts";
import type { Stage } from "../stage.ts";
import { paintApparitions } from "./apparitions.ts";
import { paintBeasts } from "./beasts.ts";
import { paintBuilt } from "./built.ts";
import { paintPeople } from "./people.ts";

/** Paints all motifs of the scene, from back to front. */
export function paintMotifs(stage: Stage, scene: Scene, spots: Spots): void {
  const { shown, place } = scene;
  const { width, height, chance, palette, unit } = stage;
  const outdoors = !["room", "hall", "laboratory", "windows", "underwater"].includes(place);
  stage.motif = "apparition";
  paintApparitions(stage, scene, spots);
  stage.motif = "thing";
  paintBuilt(stage, scene, spots);
  paintBeasts(stage, scene, spots);
  paintPeople(stage, scene, spots);
  stage.motif = null;
  if (!outdoors) return;
  if (shown.has("lightning") || (shown.has("storm") && place !== "cosmos")) {
    const x = width * chance.between(0.2, 0.8);
    paintBolt(stage, [x, -unit * 0.02], [x + unit * chance.between(-0.2, 0.2), height * 0.58], {
      color: palette.light,
      wild: 1.1,
    });
  }
  if (shown.has("rain") || shown.has("storm")) paintRain(stage, 1);
  if (shown.has("snow") || shown.has("winter")) paintSnowfall(stage);
}
