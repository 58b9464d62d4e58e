import type { Scene } from "../scene.ts";
import { paintCumulus } from "../sky/paint-cumulus.ts";
import { paintMoon, paintStars, paintSun } from "../sky/paint-lights.ts";
import { paintRays } from "../sky/paint-rays.ts";
import { paintSky } from "../sky/paint-sky.ts";
import type { Stage } from "../stage.ts";

/** The sky over any open place: air, clouds, sun, moon and stars, by hour and weather. */
export function paintOpenSky(stage: Stage, scene: Scene, heaps = true): void {
  const { palette, chance, unit, horizon } = stage;
  const { shown } = scene;
  const night = palette.hour === "night";
  const stormy = shown.has("storm") || shown.has("rain");
  const clouds = stormy ? 0.95 : shown.has("cloud") ? 0.75 : chance.between(0.3, 0.62);
  const plain = stormy || shown.has("ladder") || shown.has("angel");
  const aurora = night && (shown.has("aurora") || (!plain && chance.whether(0.22)));
  paintSky(stage, { clouds: night && !stormy ? clouds * 0.55 : clouds, aurora });
  if (night && !stormy) paintStars(stage, horizon, 1);
  if (night) {
    const radius = unit * (shown.has("moon") ? chance.between(0.075, 0.12) : chance.between(0.035, 0.05));
    if (!stormy) paintMoon(stage, radius, shown.has("moon") || chance.whether(0.6) ? 1 : 0.5);
  } else if (!stormy) paintSun(stage, unit * chance.between(0.032, 0.05));
  if (heaps && !night && !stormy && chance.whether(0.6))
    paintCumulus(stage, horizon - unit * 0.03, horizon + unit * 0.04, 2, 0.8);
  if (shown.has("heaven") || shown.has("light")) {
    paintRays(stage, stage.sun, { reach: unit * 1.3, color: palette.light, strength: 0.5 });
  }
}
