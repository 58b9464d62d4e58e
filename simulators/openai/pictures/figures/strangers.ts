/** Figures of dreams: a robed and a winged figure, a man with an ass's head, a fool. */
import { ellipse, limb, type Path, smooth, stroke } from "../easel/path.ts";
import { body, type Joint } from "./body.ts";

/** A robe without feet, for angels and ghosts. */
export const robed = (): Path => ({
  outlines: [
    ellipse(0, -0.9, 0.052, 0.064),
    limb(0, -0.84, 0.026, 0, -0.79, 0.05),
    smooth(
      "-0.05 -0.82, 0.05 -0.82, 0.105 -0.75, 0.085 -0.55, 0.12 -0.3, 0.2 -0.02, 0.06 -0.06, -0.02 0, -0.1 -0.05, -0.2 -0.01, -0.12 -0.3, -0.085 -0.55, -0.105 -0.75",
    ),
    ...stroke("-0.09 -0.76 0.04, -0.16 -0.62 0.03, -0.22 -0.54 0.018"),
    ...stroke("0.09 -0.76 0.04, 0.18 -0.68 0.03, 0.25 -0.62 0.018"),
  ],
});

/** A pair of feathered wings from the shoulders; `spread` 0 folded, 1 wide. */
export function wings(spread: number): Path {
  const outlines = [];
  for (const side of [-1, 1]) {
    const wrist: Joint = [side * (0.2 + 0.16 * spread), -1.1];
    const bone = [
      [side * 0.03, -0.76, 0.04],
      [side * 0.13, -0.95, 0.045],
      [side * (0.18 + 0.07 * spread), -1.06, 0.042],
      [wrist[0], wrist[1], 0.03],
    ] as const;
    outlines.push(...stroke(bone), ...feathers(side, wrist, spread, 17, 0.3, 0.4, 0.034));
    outlines.push(...feathers(side, wrist, spread * 0.8, 12, 0.16, 0.2, 0.042));
  }
  return { outlines };
}

/** A row of feathers from the shoulder to the wrist, longer and more outward toward the tip. */
function feathers(
  side: number,
  wrist: Joint,
  spread: number,
  count: number,
  short: number,
  more: number,
  r: number,
) {
  return Array.from({ length: count }, (_, i) => {
    const t = i / (count - 1);
    const x = side * 0.05 + (wrist[0] - side * 0.05) * t ** 0.85;
    const y = -0.77 + (wrist[1] + 0.77) * t ** 0.7;
    const angle = Math.PI / 2 - side * (0.06 + 0.8 * spread * t ** 1.5);
    const length = short + more * t;
    return limb(x, y, r, x + Math.cos(angle) * length, y + Math.sin(angle) * length, 0.016);
  });
}

/** A man in doublet and hose with the head of an ass, long ears up. */
export const assHeaded = (): Path => {
  const man = body(
    {
      head: [0.02, -0.9],
      neck: [0, -0.83],
      chest: [0, -0.77],
      hip: [0, -0.5],
      arms: ["-0.16 -0.64, -0.1 -0.5", "0.15 -0.64, 0.1 -0.5"],
      legs: ["-0.06 -0.27, -0.08 -0.03, -0.12 -0.012", "0.065 -0.27, 0.085 -0.03, 0.145 -0.012"],
      broad: 0.085,
      hips: 0.045,
    },
    smooth("-0.08 -0.6, 0.08 -0.6, 0.14 -0.4, 0 -0.37, -0.14 -0.4"),
  );
  return { outlines: [...man.outlines, ...assHead(0.01, -0.915, 1.28)] };
};

/** In profile, nose to the right and down. */
export function assHead(x: number, y: number, scale: number): number[][] {
  const at = (px: number, py: number): [number, number] => [x + px * scale, y + py * scale];
  const skull = [
    [-0.06, 0.1],
    [-0.085, 0],
    [-0.06, -0.075],
    [0.01, -0.09],
    [0.08, -0.045],
    [0.16, 0.05],
    [0.195, 0.1],
    [0.19, 0.145],
    [0.145, 0.165],
    [0.09, 0.125],
    [0.03, 0.09],
    [0.03, 0.14],
    [-0.03, 0.16],
  ] as const;
  const farEar = [
    [-0.05, -0.04],
    [-0.11, -0.1],
    [-0.165, -0.15],
    [-0.2, -0.19],
    [-0.145, -0.19],
    [-0.07, -0.14],
    [-0.015, -0.075],
  ] as const;
  const nearEar = [
    [-0.02, -0.07],
    [-0.035, -0.14],
    [-0.025, -0.21],
    [0.005, -0.245],
    [0.03, -0.2],
    [0.035, -0.13],
    [0.025, -0.07],
  ] as const;
  const mane = [
    [-0.03, -0.1],
    [-0.09, -0.06],
    [-0.115, 0.04],
    [-0.1, 0.14],
    [-0.05, 0.12],
    [-0.05, 0],
  ] as const;
  return [skull, farEar, nearEar, mane].map((points) => smooth(points.map(([px, py]) => at(px, py))));
}

/** A fool: cap with two horns and bells, wide sleeves, arms flung out. */
export const fool = (): Path =>
  body(
    {
      head: [0.01, -0.89],
      neck: [0, -0.825],
      chest: [0, -0.77],
      hip: [0, -0.5],
      arms: ["-0.19 -0.77, -0.28 -0.92", "0.18 -0.72, 0.32 -0.68"],
      legs: ["-0.09 -0.29, -0.05 -0.04, -0.1 -0.015", "0.12 -0.33, 0.12 -0.09, 0.18 -0.075"],
      broad: 0.085,
      hips: 0.045,
    },
    smooth(
      "-0.06 -0.9, -0.04 -0.97, -0.12 -1.03, -0.19 -0.95, -0.15 -1.07, -0.04 -1.06, 0.02 -1, 0.09 -1.06, 0.2 -1.03, 0.22 -0.93, 0.14 -0.99, 0.07 -0.96, 0.075 -0.9",
    ),
    ellipse(-0.19, -0.935, 0.018),
    ellipse(0.222, -0.915, 0.018),
    smooth(
      "-0.09 -0.78, 0.09 -0.78, 0.1 -0.55, 0.17 -0.39, 0.08 -0.42, 0.04 -0.35, -0.03 -0.42, -0.1 -0.36, -0.17 -0.4, -0.1 -0.56",
    ),
  );
