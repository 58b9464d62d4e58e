import type { Chance } from "../chance.ts";
import { type Canvas, wash } from "./easel/canvas.ts";
import type { Rgb } from "./easel/color.ts";
import type { Palette } from "./palettes.ts";

/**
 * What every painter works with. Lengths are pixels; `unit` is a length that looks equal in any aspect ratio.
 */
export interface Stage {
  canvas: Canvas;
  width: number;
  height: number;
  unit: number;
  /** Where the land begins. */
  horizon: number;
  /** The brightest point, which lights everything. */
  sun: { x: number; y: number };
  palette: Palette;
  chance: Chance;
  /** What is being painted: the name of the motif. Null: scenery. */
  motif: string | null;
  /** The figures of motifs painted so far, from back to front. */
  figures: Figure[];
}

/** Where a figure of a motif was painted, in pixels, as far as it is within the canvas. */
export interface Figure {
  motif: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Paints mist between the rows `top` and `bottom`, densest at the bottom. */
export function mist(stage: Stage, top: number, bottom: number, color: Rgb, thickness: number): void {
  const { canvas } = stage;
  wash(
    canvas,
    (_x, y, out) => {
      const t = Math.min(1, Math.max(0, (y - top) / (bottom - top)));
      const a = thickness * t * t;
      for (let k = 0; k < 3; k++)
        out[k] = (out[k] as number) + ((color[k] as number) - (out[k] as number)) * a;
    },
    top,
    bottom,
  );
}
