import { fill, glow, screen, shine } from "../easel/canvas.ts";
import { mix, type Rgb } from "../easel/color.ts";
import { limb, type Outline, path, stroke } from "../easel/path.ts";
import type { Stage } from "../stage.ts";

/** Paints rain; `amount` 1 is a downpour. */
export function paintRain(stage: Stage, amount: number): void {
  const { canvas, width, height, unit, chance, palette } = stage;
  const drops: Outline[] = [];
  for (let i = 0; i < 420 * amount; i++) {
    const x = chance.between(-0.1, 1.1) * width;
    const y = chance.between(-0.1, 1) * height;
    const length = unit * chance.between(0.02, 0.06);
    drops.push(limb(x, y, unit * 0.0007, x - length * 0.22, y + length, unit * 0.0004));
  }
  fill(canvas, path(...drops), mix(palette.mist, [1, 1, 1], 0.4), 0.34);
}

/** Paints falling snow. */
export function paintSnowfall(stage: Stage): void {
  const { canvas, width, height, unit, chance } = stage;
  for (let i = 0; i < 520; i++) {
    const near = chance.next() ** 5;
    const x = chance.next() * width;
    const y = chance.next() * height;
    glow(canvas, x, y, unit * (0.0025 + near * 0.012), [1, 1, 1], 0.95 - near * 0.4);
  }
}

/** Points of warm light that drift: fireflies, embers, motes. */
export function paintSparks(stage: Stage, top: number, bottom: number, count: number, color: Rgb): void {
  const { canvas, width, unit, chance } = stage;
  for (let i = 0; i < count; i++) {
    const x = chance.next() * width;
    const y = chance.between(top, bottom);
    const size = 0.3 + chance.next() ** 3;
    glow(canvas, x, y, unit * 0.028 * size, color, 0.75);
    glow(canvas, x, y, unit * 0.006 * size, mix(color, [1, 1, 1], 0.6), 1);
  }
}

/** A bolt from one point to another, with side branches and the light it throws. */
export function paintBolt(
  stage: Stage,
  from: readonly [number, number],
  to: readonly [number, number],
  { color, wild = 1, branches = 3 }: { color: Rgb; wild?: number; branches?: number },
): void {
  const { canvas, unit, chance } = stage;
  const points = jag(stage, from, to, wild);
  const thick = unit * 0.0032;
  for (const [x, y] of points.filter((_, i) => i % 6 === 0)) glow(canvas, x, y, unit * 0.16, color, 0.2);
  const line = (list: [number, number][], r: number) =>
    path(...stroke(list.map(([x, y], i) => [x, y, r * (1 - (0.6 * i) / list.length)] as const)));
  shine(canvas, line(points, thick * 3.2), color, 0.35);
  shine(canvas, line(points, thick), mix(color, [1, 1, 1], 0.85), 1);
  for (let i = 0; i < branches; i++) {
    const start = points[chance.whole(3, Math.max(4, points.length - 4))];
    if (!start) continue;
    const reach = Math.hypot(to[0] - from[0], to[1] - from[1]) * chance.between(0.12, 0.3);
    const angle = Math.atan2(to[1] - from[1], to[0] - from[0]) + chance.between(-0.9, 0.9);
    const end: [number, number] = [start[0] + Math.cos(angle) * reach, start[1] + Math.sin(angle) * reach];
    shine(canvas, line(jag(stage, start, end, wild), thick * 0.55), mix(color, [1, 1, 1], 0.6), 0.8);
  }
}

function jag(
  stage: Stage,
  from: readonly [number, number],
  to: readonly [number, number],
  wild: number,
): [number, number][] {
  let points: [number, number][] = [[...from], [...to]];
  let off = Math.hypot(to[0] - from[0], to[1] - from[1]) * 0.13 * wild;
  while (points.length < 34) {
    const next: [number, number][] = [];
    for (const [i, a] of points.entries()) {
      next.push(a);
      const b = points[i + 1];
      if (!b) continue;
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const length = Math.hypot(dx, dy) || 1;
      const s = stage.chance.between(-1, 1) * off;
      next.push([(a[0] + b[0]) / 2 - (dy / length) * s, (a[1] + b[1]) / 2 + (dx / length) * s]);
    }
    points = next;
    off *= 0.52;
  }
  return points;
}

/** Tongues of fire rising from a line on the ground. */
export function paintFire(stage: Stage, x: number, base: number, size: number, own?: Rgb): void {
  const { canvas, chance } = stage;
  const layers: [number, Rgb, number][] = [
    [1, own ?? [0.95, 0.28, 0.06], 0.8],
    [0.72, own ?? [1, 0.58, 0.12], 0.9],
    [0.42, own ? mix(own, [1, 1, 1], 0.5) : [1, 0.92, 0.6], 1],
  ];
  glow(canvas, x, base - size * 0.4, size * 2.6, own ?? [1, 0.5, 0.15], 0.75);
  for (const [part, color, strength] of layers) {
    const tongues: Outline[] = [];
    for (let i = 0; i < 9; i++) {
      const off = chance.between(-0.42, 0.42) * part;
      const high = size * part * (1.15 - Math.abs(off) * 1.6) * chance.between(0.6, 1.05);
      const sway = chance.between(-0.16, 0.16) * size;
      const r = size * 0.13 * part;
      tongues.push(
        ...stroke([
          [x + off * size, base, r],
          [x + off * size * 0.8 + sway * 0.5, base - high * 0.5, r * 0.75],
          [x + off * size * 0.6 - sway * 0.3, base - high, r * 0.06],
        ]),
      );
    }
    shine(canvas, path(...tongues), color, strength * 0.85);
  }
  for (let i = 0; i < 40; i++) {
    const px = Math.floor(x + chance.between(-0.6, 0.6) * size);
    const py = Math.floor(base - chance.between(0.4, 2.4) * size);
    if (px > 1 && py > 1 && px < canvas.width - 1 && py < canvas.height - 1) {
      screen(canvas.rgb, (py * canvas.width + px) * 3, [1, 0.7, 0.3], chance.next());
      glow(canvas, px, py, stage.unit * 0.006, [1, 0.6, 0.2], 0.9);
    }
  }
}
