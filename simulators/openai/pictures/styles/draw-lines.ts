import { blurPlane } from "../easel/blur.ts";
import type { Stage } from "../stage.ts";

/**
 * The picture's contours, 1 on a line: the difference of two blurs with a threshold (Winnemöller's XDoG).
 * `width`: in pixels. `ink`: the sensitivity.
 */
export function drawLines({ canvas }: Stage, width: number, ink: number): Float32Array {
  const { rgb, width: w, height: h } = canvas;
  const fine = new Float32Array(w * h);
  for (let i = 0; i < fine.length; i++) {
    const at = i * 3;
    const l = 0.3 * (rgb[at] as number) + 0.59 * (rgb[at + 1] as number) + 0.11 * (rgb[at + 2] as number);
    // The square root gives dark pictures contours too.
    fine[i] = Math.sqrt(Math.max(0, l));
  }
  const coarse = fine.slice();
  blurPlane(fine, w, h, width, 1);
  blurPlane(coarse, w, h, width * 2.4, 2);
  for (let i = 0; i < fine.length; i++) {
    const difference = ((coarse[i] as number) - (fine[i] as number)) * ink - 0.12;
    fine[i] = difference <= 0 ? 0 : difference >= 0.5 ? 1 : difference * 2;
  }
  return fine;
}
