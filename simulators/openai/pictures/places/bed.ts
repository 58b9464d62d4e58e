/**
 * A bed with or without a sleeper, and the candle beside it.
 */
import { fill, glow } from "../easel/canvas.ts";
import { clamp01, mix } from "../easel/color.ts";
import { swell } from "../easel/noise.ts";
import { box, ellipse, limb, path, smooth } from "../easel/path.ts";
import type { Stage } from "../stage.ts";

/** A bed seen from its side, with or without a sleeping person. Returns the position of its edge. */
export function paintBed(stage: Stage, x: number, floor: number, taken: boolean): { x: number; y: number } {
  const { canvas, unit, palette } = stage;
  const y = floor + unit * 0.17;
  const wood = mix(palette.shadow, palette.ground, 0.4);
  const linen = mix(mix(palette.light, palette.upper, 0.42), palette.near, 0.18);
  const quilt = mix(palette.accent, palette.near, 0.5);
  fill(
    canvas,
    path(ellipse(x + unit * 0.26, y + unit * 0.035, unit * 0.42, unit * 0.04)),
    palette.shadow,
    0.55,
  );
  fill(
    canvas,
    path(
      smooth([
        [x + unit * 0.56, y + unit * 0.02],
        [x + unit * 0.55, y - unit * 0.32],
        [x + unit * 0.58, y - unit * 0.36],
        [x + unit * 0.61, y - unit * 0.32],
        [x + unit * 0.61, y + unit * 0.02],
      ]),
    ),
    wood,
  );
  fill(canvas, path(box(x - unit * 0.05, y - unit * 0.1, unit * 0.64, unit * 0.1)), wood);
  fill(
    canvas,
    path(
      smooth([
        [x - unit * 0.04, y - unit * 0.15],
        [x + unit * 0.57, y - unit * 0.15],
        [x + unit * 0.58, y - unit * 0.07],
        [x - unit * 0.05, y - unit * 0.07],
      ]),
    ),
    linen,
  );
  fill(
    canvas,
    path(
      smooth([
        [x + unit * 0.38, y - unit * 0.15],
        [x + unit * 0.42, y - unit * 0.215],
        [x + unit * 0.53, y - unit * 0.22],
        [x + unit * 0.57, y - unit * 0.16],
      ]),
    ),
    mix(linen, [1, 1, 1], 0.25),
  );
  if (taken) {
    fill(
      canvas,
      path(ellipse(x + unit * 0.435, y - unit * 0.225, unit * 0.034, unit * 0.03)),
      mix(palette.shadow, palette.accent, 0.25),
    );
  }
  const high = taken ? 0.25 : 0.19;
  const cover = smooth([
    [x - unit * 0.06, y - unit * 0.05],
    [x - unit * 0.055, y - unit * 0.17],
    [x + unit * 0.06, y - unit * 0.2],
    [x + unit * 0.16, y - unit * high],
    [x + unit * 0.28, y - unit * (high - 0.025)],
    [x + unit * 0.385, y - unit * 0.205],
    [x + unit * 0.4, y - unit * 0.12],
    [x + unit * 0.39, y - unit * 0.02],
    [x + unit * 0.16, y - unit * 0.035],
    [x + unit * 0.02, y - unit * 0.01],
  ]);
  fill(canvas, path(cover), (px, py, out) => {
    const fold = swell((px + py * 0.6) / unit / 1.6, (py - px * 0.25) / unit / 2.6);
    const up = clamp01((y - py) / (unit * 0.26));
    const light = clamp01(up * 0.75 + (fold - 0.5) * 0.8 - (px - x) / unit / 1.4);
    for (let k = 0; k < 3; k++)
      out[k] = (quilt[k] as number) * (0.42 + 0.35 * up) + (palette.light[k] as number) * light * 0.42;
  });
  fill(
    canvas,
    path(
      smooth([
        [x - unit * 0.085, y + unit * 0.03],
        [x - unit * 0.09, y - unit * 0.2],
        [x - unit * 0.06, y - unit * 0.225],
        [x - unit * 0.03, y - unit * 0.2],
        [x - unit * 0.035, y + unit * 0.03],
      ]),
    ),
    wood,
  );
  return { x, y };
}

/** A candle alight on a small table. */
export function paintCandle(stage: Stage, x: number, floor: number): void {
  const { canvas, unit, palette } = stage;
  const wood = mix(palette.shadow, palette.ground, 0.45);
  fill(
    canvas,
    path(
      box(x - unit * 0.075, floor - unit * 0.13, unit * 0.15, unit * 0.014),
      limb(
        x - unit * 0.05,
        floor - unit * 0.12,
        unit * 0.006,
        x - unit * 0.06,
        floor + unit * 0.05,
        unit * 0.005,
      ),
      limb(
        x + unit * 0.05,
        floor - unit * 0.12,
        unit * 0.006,
        x + unit * 0.06,
        floor + unit * 0.05,
        unit * 0.005,
      ),
    ),
    wood,
  );
  fill(
    canvas,
    path(box(x - unit * 0.008, floor - unit * 0.19, unit * 0.016, unit * 0.06)),
    mix(palette.lamp, [1, 1, 1], 0.3),
  );
  glow(canvas, x, floor - unit * 0.205, unit * 0.3, palette.lamp, 0.6);
  glow(canvas, x, floor - unit * 0.205, unit * 0.035, [1, 0.95, 0.8], 1, 1.5);
}
