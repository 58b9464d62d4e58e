/**
 * What appears in the air, larger than life: an eye, a hand, an ear, a heart, a clock, the world's wheels, angels.
 */
import { fill, glow, shine } from "../easel/canvas.ts";
import { clamp01, mix, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { ellipse, limb, type Outline, path, place, smooth } from "../easel/path.ts";
import { paintFigure } from "../figures/paint-figure.ts";
import { ear, gear, hand, heart } from "../figures/things.ts";
import type { Scene, Spot, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";

export function paintApparitions(stage: Stage, { shown, place: where }: Scene, { air }: Spots): void {
  const { unit, width } = stage;
  const wanted = (["eye", "ear", "hand", "heart", "clock", "vision"] as const).filter((name) =>
    shown.has(name),
  );
  const several = wanted.length > 1;
  for (const [i, name] of wanted.slice(0, 3).entries()) {
    const spot: Spot = several
      ? {
          x: width * ((i + 1) / (Math.min(3, wanted.length) + 1)),
          y: air.y + (i % 2 ? unit * 0.06 : 0),
          tall: air.tall * 0.85,
        }
      : air;
    if (name === "eye") paintEye(stage, spot);
    if (name === "vision" && !several) paintVision(stage, spot);
    if (name === "ear")
      paintPale(stage, spot, place(ear(), { x: spot.x, y: spot.y, scale: spot.tall }), true);
    if (name === "hand")
      paintPale(
        stage,
        { ...spot, y: spot.y + spot.tall * 0.3 },
        place(hand(), { x: spot.x, y: spot.y + spot.tall * 0.5, scale: spot.tall * 1.15 }),
        false,
      );
    if (name === "heart") paintHeart(stage, spot);
    if (name === "clock") paintClock(stage, spot);
  }
  if (shown.has("engine") && where !== "laboratory") paintWorldWheels(stage, air);
  if (where === "cosmos" && wanted.length === 0 && !shown.has("engine")) paintPlanet(stage, air);
}

/** An eye as wide as the sky allows, with the light of the place in its iris. */
function paintEye(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette, chance } = stage;
  const w = tall * 0.95;
  const h = tall * 0.42;
  const lid = smooth([
    [x - w, y + h * 0.08],
    [x - w * 0.55, y - h * 0.62],
    [x, y - h * 0.92],
    [x + w * 0.58, y - h * 0.55],
    [x + w, y + h * 0.12],
    [x + w * 0.5, y + h * 0.66],
    [x, y + h * 0.8],
    [x - w * 0.5, y + h * 0.6],
  ]);
  const white = mix(palette.horizon, palette.light, 0.55);
  const seed = chance.between(0, 1);
  const r = h * 0.86;
  glow(canvas, x, y, w * 1.7, palette.light, 0.35);
  fill(canvas, path(lid), (px, py, out) => {
    const dx = px - x;
    const dy = py - y;
    const d = Math.hypot(dx, dy) / r;
    const shade = clamp01(1 - Math.abs(dx) / w) * 0.6 + 0.4;
    const lashShadow = smoothstep(-h * 0.9, -h * 0.1, dy) * 0.55 + 0.45;
    for (let k = 0; k < 3; k++) out[k] = (white[k] as number) * shade * lashShadow;
    if (d >= 1.03) return;
    const angle = Math.atan2(dy, dx);
    const fibre = fbm(seed + angle * 1.6, seed + d * 0.12) * 0.8 + fbm(seed + angle * 4.2, d * 0.3) * 0.4;
    const inner = smoothstep(0.36, 0.62, d);
    const rim = smoothstep(0.8, 1, d);
    const pupil = smoothstep(0.42, 0.36, d);
    const edge = smoothstep(1.03, 0.98, d);
    for (let k = 0; k < 3; k++) {
      const iris = (palette.accent[k] as number) * (1 - inner) + (palette.water[k] as number) * 1.35 * inner;
      let c = iris * (0.45 + fibre * 0.8) * (1 - rim * 0.72) * lashShadow;
      c *= 1 - pupil * 0.96;
      out[k] = (out[k] as number) + (c - (out[k] as number)) * edge;
    }
  });
  fill(canvas, path(ellipse(x - r * 0.3, y - r * 0.34, r * 0.15, r * 0.11, -0.5)), [1, 1, 1], 0.92);
  fill(canvas, path(ellipse(x + r * 0.26, y + r * 0.3, r * 0.07, r * 0.05)), [1, 1, 1], 0.45);
  const line: Outline[] = [];
  const n = lid.length / 2;
  for (let i = 0; i < n / 2; i++) {
    const a = [lid[i * 2] ?? 0, lid[i * 2 + 1] ?? 0] as const;
    const b = [lid[i * 2 + 2] ?? 0, lid[i * 2 + 3] ?? 0] as const;
    line.push(limb(a[0], a[1], tall * 0.011, b[0], b[1], tall * 0.011));
    if (i % 3 === 0 && i > 1) {
      const out = [(a[0] - x) * 0.13, -tall * 0.075 - Math.abs(a[0] - x) * 0.04] as const;
      line.push(limb(a[0], a[1], tall * 0.008, a[0] + out[0], a[1] + out[1], tall * 0.001));
    }
  }
  fill(canvas, path(...line), palette.shadow, 0.9);
}

/** Flesh of light: brighter toward its edge, with the sky showing through. */
function paintPale(
  stage: Stage,
  { x, y, tall }: Spot,
  shape: ReturnType<typeof path>,
  spiral: boolean,
): void {
  const { canvas, palette } = stage;
  glow(canvas, x, y, tall * 1.1, palette.light, 0.42);
  const flesh = mix(mix(palette.light, palette.accent, 0.3), palette.horizon, 0.3);
  const origin = { x: 0, y: 0, scale: 1 };
  paintFigure(stage, shape, origin, {
    color: mix(flesh, palette.upper, 0.18),
    light: { x: x - tall * 0.6, y: y - tall * 0.8, color: mix(palette.light, [1, 1, 1], 0.3), strength: 1.1 },
    pattern: (_u, v, color) => mix(color, palette.upper, v * 0.55),
  });
  if (!spiral) return;
  const folds: Outline[] = [];
  for (let i = 0; i < 26; i++) {
    const a = 2.4 + i * 0.2;
    const r = tall * (0.34 - i * 0.0105);
    const b = a + 0.2;
    const s = tall * (0.34 - (i + 1) * 0.0105);
    folds.push(
      limb(
        x + Math.cos(a) * r * 0.72,
        y - tall * 0.12 + Math.sin(a) * r,
        tall * 0.016,
        x + Math.cos(b) * s * 0.72,
        y - tall * 0.12 + Math.sin(b) * s,
        tall * 0.016,
      ),
    );
  }
  fill(canvas, path(...folds), mix(palette.near, flesh, 0.35), 0.6);
}

/** A heart that beats light: rings go out from it. */
function paintHeart(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette } = stage;
  const red: Rgb = mix(palette.accent, [0.86, 0.2, 0.22], 0.5);
  glow(canvas, x, y, tall * 1.6, mix(red, palette.lamp, 0.4), 0.6);
  for (let i = 0; i < 4; i++) {
    const r = tall * (0.42 + i * 0.15);
    shine(
      canvas,
      { outlines: [ellipse(x, y, r)], holes: [ellipse(x, y, r - tall * 0.012)] },
      mix(red, palette.light, 0.5),
      0.4 - i * 0.09,
    );
  }
  paintFigure(
    stage,
    heart(),
    { x, y, scale: tall * 0.5, turn: 0.1 },
    {
      color: mix(red, palette.shadow, 0.45),
      light: { x: x - tall, y: y - tall, color: mix(palette.lamp, [1, 1, 1], 0.2), strength: 0.9 },
      pattern: (u, v, color) =>
        mix(color, palette.lamp, 0.95 * Math.exp(-((u - 0.5) ** 2 + (v - 0.45) ** 2) * 11)),
    },
  );
  glow(canvas, x, y - tall * 0.03, tall * 0.34, mix(palette.lamp, [1, 1, 1], 0.4), 0.75);
}

function paintClock(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette, chance } = stage;
  const r = tall * 0.5;
  glow(canvas, x, y, r * 2.4, palette.lamp, 0.4);
  fill(canvas, path(ellipse(x, y, r)), mix(palette.shadow, palette.lamp, 0.35));
  fill(canvas, path(ellipse(x, y, r * 0.92)), mix(palette.light, palette.lamp, 0.3), 0.94);
  const marks: Outline[] = [];
  for (let i = 0; i < 12; i++) {
    const a = (i / 12) * 2 * Math.PI;
    const from = i % 3 === 0 ? 0.7 : 0.78;
    marks.push(
      limb(
        x + Math.cos(a) * r * from,
        y + Math.sin(a) * r * from,
        r * 0.02,
        x + Math.cos(a) * r * 0.85,
        y + Math.sin(a) * r * 0.85,
        r * 0.02,
      ),
    );
  }
  for (const [length, width] of [
    [0.5, 0.032],
    [0.74, 0.02],
  ] as const) {
    const a = chance.between(0, 2 * Math.PI);
    marks.push(
      limb(x, y, r * width, x + Math.cos(a) * r * length, y + Math.sin(a) * r * length, r * width * 0.4),
    );
  }
  fill(canvas, path(...marks, ellipse(x, y, r * 0.05)), palette.shadow, 0.92);
}

/** A vision: rings of light around a bright core, like a door that is not there. */
function paintVision(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette } = stage;
  glow(canvas, x, y, tall * 1.8, palette.light, 0.7);
  glow(canvas, x, y, tall * 0.8, mix(palette.accent, palette.light, 0.5), 0.8);
  for (let i = 0; i < 5; i++) {
    const r = tall * (0.2 + i * 0.13);
    const ring = { outlines: [ellipse(x, y, r)], holes: [ellipse(x, y, r * (0.972 - i * 0.004))] };
    shine(canvas, ring, i % 2 ? palette.accent : palette.light, 0.6 - i * 0.09);
  }
}

/** Wheels within wheels, as if the sky had its works open. */
function paintWorldWheels(stage: Stage, { x, y, tall }: Spot): void {
  const { palette, canvas, chance } = stage;
  glow(canvas, x, y, tall * 1.7, palette.light, 0.5);
  const brass = mix(palette.lamp, palette.near, 0.45);
  const wheels = [
    [0, 0, 0.62, 44],
    [-0.86, 0.3, 0.36, 26],
    [0.8, -0.34, 0.3, 22],
    [0.66, 0.48, 0.24, 18],
    [-0.62, -0.46, 0.22, 16],
  ] as const;
  for (const [dx, dy, r, teeth] of wheels) {
    paintFigure(
      stage,
      gear(teeth, chance.next()),
      { x: x + dx * tall, y: y + dy * tall, scale: r * tall },
      { color: brass, far: 0.22 },
    );
  }
  glow(canvas, x, y, tall * 0.4, palette.light, 0.9);
}

function paintPlanet(stage: Stage, { x, y, tall }: Spot): void {
  const { canvas, palette, chance } = stage;
  const r = tall * 0.44;
  const seed = chance.between(0, 1);
  const light = { x: -0.6, y: -0.5 };
  glow(canvas, x, y, r * 2.3, palette.light, 0.4);
  fill(canvas, path(ellipse(x, y, r)), (px, py, out) => {
    const u = (px - x) / r;
    const v = (py - y) / r;
    const band = fbm(seed + u * 0.1 + v * 0.04, seed + v * 0.55);
    const lit = clamp01(
      (u * light.x + v * light.y) * 0.75 + 0.55 * Math.sqrt(Math.max(0, 1 - u * u - v * v)),
    );
    for (let k = 0; k < 3; k++) {
      const c = (palette.upper[k] as number) * (1 - band) * 1.3 + (palette.accent[k] as number) * band;
      out[k] = c * (0.08 + lit * 1.15) + (palette.light[k] as number) * lit ** 4 * 0.35;
    }
  });
  const ring: Outline = [];
  // The half of the ring that passes in front.
  for (let i = 0; i <= 40; i++) ring.push(...ringPoint(x, y, r * 2.05, (i / 40) * Math.PI));
  for (let i = 40; i >= 0; i--) ring.push(...ringPoint(x, y, r * 1.4, (i / 40) * Math.PI));
  fill(canvas, path(ring), mix(palette.accent, palette.light, 0.5), 0.6);
}

function ringPoint(x: number, y: number, r: number, a: number): [number, number] {
  const [px, py] = [Math.cos(a) * r, Math.sin(a) * r * 0.24];
  return [x + px * 0.95 + py * 0.31, y - px * 0.31 + py * 0.95];
}
