import { clamp01, smoothstep } from "../easel/color.ts";
import { washHalf } from "../easel/half.ts";
import { curl, fbm, swell } from "../easel/noise.ts";
import type { Stage } from "../stage.ts";

export interface Sky {
  /** 0 clear, 1 overcast. */
  clouds: number;
  aurora?: boolean;
  /** How far the light's warmth reaches. */
  haze?: number;
}

/** Air, clouds in perspective lit from the sun, and aurora, down to a little below the horizon. */
export function paintSky(stage: Stage, { clouds, aurora = false, haze = 1 }: Sky): void {
  const { canvas, width, height, horizon, sun, palette, chance } = stage;
  const { zenith, upper, horizon: low, light } = palette;
  const offset = chance.between(0, 1);
  const threshold = 0.78 - clouds * 0.5;
  const night = palette.hour === "night";
  const cloudDark = [0, 1, 2].map((k) => (upper[k] as number) * (night ? 0.75 : 0.82));
  const cloudLit = [0, 1, 2].map(
    (k) => (low[k] as number) * 0.45 + (light[k] as number) * (night ? 0.4 : 0.58),
  );
  washHalf(canvas, height, (x, y, out) => {
    const t = clamp01(y / Math.max(1, horizon));
    const dx = (x - sun.x) / height;
    const dy = (y - sun.y) / height;
    const d = Math.sqrt(dx * dx + dy * dy);
    const near = Math.exp(-d * 9) * 0.55 + Math.exp(-d * 2.6) * 0.42 * haze;
    const band =
      Math.exp(-Math.abs(y - horizon) / (height * 0.1)) * Math.exp(-Math.abs(dx) * 1.4) * 0.4 * haze;
    const glow = near + band;
    const a = smoothstep(0, 0.62, t);
    const b = smoothstep(0.45, 1, t);
    let cover = 0;
    let lit = 0;
    if (clouds > 0 && y < horizon) {
      const depth = 1 / ((horizon - y) / height + 0.075);
      const u = offset + dx * depth * 0.075;
      const v = offset + depth * 0.16;
      const n = curl(u, v, 0.09);
      cover = smoothstep(threshold, threshold + 0.3, n) * smoothstep(0, 0.16, (horizon - y) / height);
      if (cover > 0) {
        const toSun = curl(u - (dx / (d + 0.05)) * 0.012, v + 0.012, 0.09);
        lit = clamp01(0.35 + (n - toSun) * 4.5 + glow * 0.75 - (n - threshold) * 0.5);
      }
    }
    for (let k = 0; k < 3; k++) {
      let v = (zenith[k] as number) + ((upper[k] as number) - (zenith[k] as number)) * a;
      v += ((low[k] as number) - v) * b;
      if (cover > 0) {
        const cloud = (cloudDark[k] as number) + ((cloudLit[k] as number) - (cloudDark[k] as number)) * lit;
        v += (cloud - v) * cover * 0.9;
      }
      out[k] = 1 - (1 - v) * (1 - clamp01((light[k] as number) * glow * (1 - cover * 0.35)));
    }
    if (aurora) addAurora(stage, x / width, t, offset, out);
  });
}

/** Curtains that hang from a wandering line, brightest at the lower hem. */
function addAurora(stage: Stage, x: number, t: number, offset: number, out: Float32Array): void {
  const { leaf, accent } = stage.palette;
  for (let veil = 0; veil < 2; veil++) {
    const hem = 0.52 - veil * 0.17 + (swell(x * 0.35 + offset + veil * 0.4, 0.3 + veil) - 0.5) * 0.6;
    const above = hem - t;
    if (above < -0.04 || above > 0.5) continue;
    const rays = 0.45 + 0.85 * fbm(x * 1.6 + offset * 3 + above * 0.08, veil * 0.31 + 0.2 + t * 0.02);
    const body = smoothstep(-0.04, 0.015, above) * Math.exp(-above * 7.5) * rays * rays * 0.85;
    for (let k = 0; k < 3; k++) {
      const tint = (leaf[k] as number) * 1.5 * (1 - above * 1.6) + (accent[k] as number) * above * 1.6;
      out[k] = 1 - (1 - (out[k] as number)) * (1 - clamp01(body * tint));
    }
  }
}
