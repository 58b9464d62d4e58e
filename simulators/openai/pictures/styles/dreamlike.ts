import type { Stage } from "../stage.ts";
import { bloom } from "./bloom.ts";
import { finish } from "./finish.ts";

/** Soft light that spills over, shadows with colour in them. */
export function asDream(stage: Stage): void {
  bloom(stage, { reach: 0.035, from: 0.42, strength: 0.5 });
  finish(stage, {
    saturation: 1.12,
    contrast: 1.18,
    lift: 0.018,
    vignette: 0.3,
    grain: 0.011,
    shadows: [0.012, -0.004, 0.03],
    lights: [0.02, 0.008, -0.012],
  });
}
