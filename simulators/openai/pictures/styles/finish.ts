import { grain } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";

export interface Finish {
  saturation?: number;
  /** Steepness of the tone curve at its middle; 1 changes nothing. */
  contrast?: number;
  /** Lifts the darkest tones. */
  lift?: number;
  vignette?: number;
  grain?: number;
  /** Added to the shadows and to the lights. */
  shadows?: readonly [number, number, number];
  lights?: readonly [number, number, number];
}

/** The last pass: tone, colour, darker corners, grain. */
export function finish(stage: Stage, look: Finish): void {
  const { width, height, rgb } = stage.canvas;
  const { saturation = 1, contrast = 1, lift = 0, vignette = 0, grain: rough = 0 } = look;
  const { shadows = [0, 0, 0], lights = [0, 0, 0] } = look;
  const curve = toneCurve(contrast, lift);
  const seed = stage.chance.whole(0, 511);
  for (let y = 0; y < height; y++) {
    const dy = (y / height - 0.5) * 2;
    for (let x = 0; x < width; x++) {
      const dx = (x / width - 0.5) * 2;
      const at = (y * width + x) * 3;
      const corner = (dx * dx + dy * dy) * 0.5;
      const shade = 1 - vignette * corner * corner * 1.6;
      const speck = rough === 0 ? 0 : grain(x + seed, y + seed * 3) * rough;
      const r = rgb[at] as number;
      const g = rgb[at + 1] as number;
      const b = rgb[at + 2] as number;
      const l = 0.3 * r + 0.59 * g + 0.11 * b;
      const dark = (1 - l) * (1 - l);
      for (let k = 0; k < 3; k++) {
        const own = k === 0 ? r : k === 1 ? g : b;
        const v = l + (own - l) * saturation + (shadows[k] as number) * dark + (lights[k] as number) * l;
        rgb[at + k] = (curve[v <= 0 ? 0 : v >= 1 ? 1023 : Math.floor(v * 1023)] as number) * shade + speck;
      }
    }
  }
}

function toneCurve(contrast: number, lift: number): Float32Array {
  const steep = (v: number) => {
    if (contrast === 1) return v;
    const s = v * v * (3 - 2 * v);
    return v + (s - v) * (contrast - 1);
  };
  return Float32Array.from({ length: 1024 }, (_, i) => lift + (1 - lift) * steep(i / 1023));
}
