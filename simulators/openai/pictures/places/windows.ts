import { fill, glow, shine } from "../easel/canvas.ts";
import { clamp01, mix, oklch, type Rgb, smoothstep } from "../easel/color.ts";
import { fbm } from "../easel/noise.ts";
import { box, ellipse, limb, type Outline, path } from "../easel/path.ts";
import { paintBoulder, paintGround } from "../land/paint-ground.ts";
import { paintWater } from "../land/paint-water.ts";
import { broadTree } from "../land/plants.ts";
import type { Scene, Spots } from "../scene.ts";
import type { Stage } from "../stage.ts";
import { paintTree } from "./paint-tree.ts";

interface Season {
  sky: [Rgb, Rgb];
  ground: Rgb;
  leaves: Rgb | null;
  falling: Rgb | null;
}

const seasons: readonly Season[] = [
  {
    sky: [oklch(0.76, 0.07, 225), oklch(0.94, 0.035, 350)],
    ground: oklch(0.68, 0.11, 135),
    leaves: oklch(0.84, 0.09, 355),
    falling: oklch(0.9, 0.06, 355),
  },
  {
    sky: [oklch(0.66, 0.11, 240), oklch(0.93, 0.07, 95)],
    ground: oklch(0.6, 0.14, 135),
    leaves: oklch(0.55, 0.13, 142),
    falling: null,
  },
  {
    sky: [oklch(0.56, 0.07, 300), oklch(0.85, 0.1, 65)],
    ground: oklch(0.5, 0.1, 65),
    leaves: oklch(0.63, 0.17, 50),
    falling: oklch(0.7, 0.16, 55),
  },
  {
    sky: [oklch(0.48, 0.06, 255), oklch(0.85, 0.03, 240)],
    ground: oklch(0.9, 0.02, 240),
    leaves: null,
    falling: [1, 1, 1],
  },
];

/** A dark wall of tall windows, each with a different season behind it, all reflected on the wet floor. */
export function paintWindows(stage: Stage, _scene: Scene): Spots {
  const { canvas, width, height, unit, palette, chance, sun } = stage;
  const tallShape = height > width * 1.1;
  const columns = tallShape ? 2 : 4;
  const rows = tallShape ? 2 : 1;
  const floor = height * 0.79;
  const gap = width * (tallShape ? 0.07 : 0.035);
  const w = (width - gap * (columns + 1)) / columns;
  const top = height * 0.08;
  const h = (floor - top - height * 0.07 - gap * (rows - 1) * 0.6) / rows;
  sun.x = width / 2;
  sun.y = height * 0.3;
  const frames: Outline[] = [];
  for (let i = 0; i < 4; i++) {
    const x = gap + (i % columns) * (w + gap);
    const y = top + Math.floor(i / columns) * (h + gap * 0.6);
    const frame = arch(x, y, w, h);
    frames.push(frame);
    paintSeason(stage, seasons[i] as Season, { x, y, w, h });
  }
  const seed = chance.between(0, 1);
  const wall = mix(palette.near, palette.shadow, 0.5);
  fill(canvas, { outlines: [box(0, 0, width, floor)], holes: frames }, (x, y, out) => {
    const brick = fbm(seed + x / unit / 0.8, seed + y / unit / 0.8) - 0.5;
    const high = 1 - clamp01(y / floor) * 0.35;
    for (let k = 0; k < 3; k++)
      out[k] = (wall[k] as number) * (0.85 + brick * 0.55) * high + (palette.upper[k] as number) * 0.06;
  });
  for (const [i, frame] of frames.entries()) {
    const x = gap + (i % columns) * (w + gap);
    const y = top + Math.floor(i / columns) * (h + gap * 0.6);
    paintFrame(stage, frame, { x, y, w, h }, seasons[i] as Season);
  }
  fill(canvas, path(box(0, floor - 2, width, height)), mix(palette.near, palette.shadow, 0.6));
  paintWater({ ...stage, palette: { ...palette, water: palette.near } }, { top: floor, waves: 0.16 });
  for (let i = 0; i < columns; i++) {
    const season = seasons[tallShape ? i + 2 : i] as Season;
    glow(canvas, gap + i * (w + gap) + w / 2, floor + unit * 0.02, w * 0.8, season.sky[1], 0.28, 0.3);
  }
  return {
    hero: { x: width * 0.5, y: height * 0.9, tall: unit * (tallShape ? 0.36 : 0.4) },
    second: { x: width * 0.32, y: height * 0.86, tall: unit * 0.34 },
    air: { x: width * 0.5, y: height * 0.3, tall: unit * 0.25 },
  };
}

interface View {
  x: number;
  y: number;
  w: number;
  h: number;
}

function arch(x: number, y: number, w: number, h: number, inset = 0): Outline {
  const outline: Outline = [x + w - inset, y + h - inset, x + inset, y + h - inset];
  for (let i = 0; i <= 24; i++) {
    const a = Math.PI + (i / 24) * Math.PI;
    outline.push(x + w / 2 + Math.cos(a) * (w / 2 - inset), y + w / 2 + Math.sin(a) * (w / 2 - inset));
  }
  return outline;
}

/** A small landscape of its own, painted with the season's colours. */
function paintSeason(stage: Stage, { sky, ground, leaves, falling }: Season, { x, y, w, h }: View): void {
  const { canvas, chance, unit, palette } = stage;
  const light = { x: x + w * chance.between(0.25, 0.75), y: y + h * 0.34 };
  const season: Stage = {
    ...stage,
    sun: light,
    palette: {
      ...palette,
      light: mix(sky[1], [1, 1, 1], 0.5),
      mist: sky[1],
      shadow: mix(palette.shadow, ground, 0.3),
      far: mix(sky[0], ground, 0.35),
    },
  };
  const seed = chance.between(0, 1);
  fill(canvas, path(box(x, y, w, h)), (px, py, out) => {
    const t = smoothstep(0, 0.62, (py - y) / h);
    const d = Math.hypot(px - light.x, py - light.y) / w;
    const sunlight = Math.exp(-d * 2.6) * 0.55 + (d < 0.09 ? 0.6 : 0);
    const cloud = smoothstep(0.5, 0.75, fbm(seed + px / w / 4.5, seed + py / h / 1.6)) * 0.5 * (1 - t);
    for (let k = 0; k < 3; k++) {
      const c = (sky[0][k] as number) + ((sky[1][k] as number) - (sky[0][k] as number)) * t;
      out[k] = Math.min(1, c + (1 - c) * Math.max(sunlight, cloud));
    }
  });
  // Painted over the whole width of the canvas, because the wall covers what is outside the window.
  const clipped: Stage = { ...season, canvas: { ...canvas } };
  const back = scratch(clipped, x, y, w, h);
  const local: Stage = {
    ...season,
    canvas: back.canvas,
    width: back.canvas.width,
    height: back.canvas.height,
    sun: { x: light.x - x, y: light.y - y },
    unit: unit * 0.62,
  };
  paintGround(local, {
    top: h * 0.66,
    swing: h * 0.035,
    near: 0.35,
    color: mix(ground, sky[1], 0.35),
    wide: 0.5,
  });
  const line = paintGround(local, { top: h * 0.76, swing: h * 0.02, near: 0.8, color: ground, wide: 0.7 });
  const treeX = w * chance.between(0.35, 0.65);
  paintTree(local, broadTree(chance, treeX, line(treeX) + h * 0.02, Math.min(h * 0.6, w * 1.15)), leaves);
  if (falling) {
    const bits: Outline[] = [];
    for (let i = 0; i < 60; i++)
      bits.push(ellipse(chance.next() * w, chance.between(0.1, 1) * h, unit * chance.between(0.0016, 0.005)));
    fill(local.canvas, path(...bits), falling, 0.9);
  } else paintBoulder(local, w * 0.2, line(w * 0.2) + h * 0.04, h * 0.035);
  back.put();
}

/** A separate canvas for one window, which starts with the current picture. */
function scratch(stage: Stage, x: number, y: number, w: number, h: number) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [width, height] = [Math.ceil(w) + 1, Math.ceil(h) + 1];
  const { canvas } = stage;
  const rgb = new Float32Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    const from = ((top + row) * canvas.width + left) * 3;
    rgb.set(canvas.rgb.subarray(from, from + width * 3), row * width * 3);
  }
  const put = () => {
    for (let row = 0; row < height; row++) {
      canvas.rgb.set(
        rgb.subarray(row * width * 3, (row + 1) * width * 3),
        ((top + row) * canvas.width + left) * 3,
      );
    }
  };
  return { canvas: { width, height, rgb }, put };
}

function paintFrame(stage: Stage, frame: Outline, { x, y, w, h }: View, season: Season): void {
  const { canvas, unit, palette } = stage;
  const stone = mix(palette.far, palette.near, 0.55);
  const outer = arch(x, y, w, h, -unit * 0.018);
  const inner = arch(x, y, w, h, unit * 0.004);
  const glowing = mix(stone, season.sky[1], 0.35);
  fill(canvas, { outlines: [outer], holes: [frame] }, stone);
  fill(canvas, { outlines: [frame], holes: [inner] }, glowing);
  const lead = mix(palette.shadow, palette.near, 0.3);
  const bars = [limb(x + w / 2, y, unit * 0.003, x + w / 2, y + h, unit * 0.003)];
  for (const t of [0.4, 0.7]) bars.push(limb(x, y + h * t, unit * 0.0025, x + w, y + h * t, unit * 0.0025));
  fill(canvas, path(...bars), lead);
  fill(
    canvas,
    path(box(x - unit * 0.03, y + h, w + unit * 0.06, unit * 0.02)),
    mix(stone, season.sky[1], 0.3),
  );
  shine(canvas, path(outer), season.sky[1], 0.06);
}
