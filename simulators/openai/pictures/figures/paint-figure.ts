import { soften } from "../easel/blur.ts";
import { fill } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb } from "../easel/color.ts";
import { cut } from "../easel/mask.ts";
import { type Path, type Placing, place } from "../easel/path.ts";
import type { Stage } from "../stage.ts";

export interface Look {
  /** The figure's own colour, before light and mist. */
  color?: Rgb;
  /** The light's direction and strength; the sun by default. */
  light?: { x: number; y: number; color: Rgb; strength: number };
  /** 0 near and dark, 1 lost in the mist. */
  far?: number;
  /** Changes the surface's colour; `u` and `v` go from 0 to 1 over the figure's box. */
  pattern?: (u: number, v: number, color: Rgb) => Rgb;
}

/** A figure as a rounded body: dark in its middle, lit along the edges that face the light. */
export function paintFigure(stage: Stage, shape: Path, placing: Placing, look: Look = {}): void {
  const { canvas, width, height, palette, sun } = stage;
  const mask = cut(place(shape, placing), width, height);
  if (!mask) return;
  const { x, y } = mask;
  if (stage.motif !== null)
    stage.figures.push({ motif: stage.motif, x, y, width: mask.width, height: mask.height });
  const far = look.far ?? 0;
  const color = mix(look.color ?? palette.shadow, palette.mist, far);
  const light = look.light ?? { ...sun, color: palette.light, strength: 0.7 };
  const radius = Math.max(1.2, Math.min(Math.min(mask.width, mask.height) * 0.03, stage.unit * 0.0075));
  const round = soften(mask, radius, width, height);
  const at = (x: number, y: number) => {
    const i = x - round.x;
    const j = y - round.y;
    return i < 0 || j < 0 || i >= round.width || j >= round.height
      ? 0
      : (round.cover[j * round.width + i] as number);
  };
  fill(canvas, mask, (x, y, out) => {
    const gx = at(x + 1, y) - at(x - 1, y);
    const gy = at(x, y + 1) - at(x, y - 1);
    const lx = light.x - x;
    const ly = light.y - y;
    const reach = Math.hypot(lx, ly) + 1;
    const facing = (-(gx * lx + gy * ly) / reach) * radius * 1.5;
    const edge = 1 - at(x, y);
    const rim = clamp01(facing * 1.6) * (0.35 + edge * 1.1) * light.strength * (1 - far * 0.6);
    const v = (y - mask.y) / mask.height;
    const own = look.pattern ? look.pattern((x - mask.x) / mask.width, v, color) : color;
    const lift = 0.08 * (1 - v) * light.strength;
    for (let k = 0; k < 3; k++) {
      const base = (own[k] as number) * (1 + lift) + (palette.mist[k] as number) * 0.06 * v;
      out[k] = base + ((light.color[k] as number) - base) * clamp01(rim);
    }
  });
}
