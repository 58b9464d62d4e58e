import { fill } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import type { Tree } from "../land/plants.ts";
import type { Stage } from "../stage.ts";

/** A tree in the light: bare where `leaves` is null. */
export function paintTree(stage: Stage, tree: Tree, leaves: Rgb | null, far = 0): void {
  const { canvas, palette, sun, unit, chance } = stage;
  const bark = mix(mix(palette.shadow, palette.near, 0.35), palette.mist, far);
  fill(canvas, tree.wood, bark);
  if (!leaves) return;
  const seed = chance.between(0, 1);
  const lit = mix(leaves, palette.light, 0.5);
  const dark = mix(leaves, palette.shadow, 0.62);
  fill(canvas, tree.crown, (x, y, out) => {
    const clump = fbm(seed + x / unit / 0.75, seed + y / unit / 0.75);
    const above = fbm(
      seed + (x + Math.sign(sun.x - x) * unit * 0.012) / unit / 0.75,
      seed + (y - unit * 0.014) / unit / 0.75,
    );
    const light = clamp01(0.42 + (clump - above) * 2.8 + (clump - 0.5) * 0.5);
    const gap = clump < 0.27 ? 0 : 1;
    for (let k = 0; k < 3; k++) {
      const c = (dark[k] as number) + ((lit[k] as number) - (dark[k] as number)) * light;
      const v = c + ((palette.mist[k] as number) - c) * far;
      out[k] = (out[k] as number) + (v - (out[k] as number)) * gap;
    }
  });
}
