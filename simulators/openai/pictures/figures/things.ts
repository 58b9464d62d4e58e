/**
 * Things in the unit that suits each: about 1 high or 1 in radius, standing on y = 0 or around the origin.
 */
import { box, ellipse, limb, type Outline, type Path, smooth, stroke } from "../easel/path.ts";

/** A toothed wheel of radius 1 with spokes. */
export function gear(teeth: number, turn: number): Path {
  const rim: Outline = [];
  for (let i = 0; i < teeth; i++) {
    const a = ((i + turn) / teeth) * 2 * Math.PI;
    const w = Math.PI / teeth;
    for (const [off, r] of [
      [-0.5, 0.88],
      [-0.3, 1],
      [0.3, 1],
      [0.5, 0.88],
    ] as const) {
      rim.push(Math.cos(a + off * w) * r, Math.sin(a + off * w) * r);
    }
  }
  const holes: Outline[] = [];
  for (let i = 0; i < 5; i++) {
    const a0 = ((i + 0.1) / 5) * 2 * Math.PI;
    const a1 = ((i + 0.9) / 5) * 2 * Math.PI;
    const hole: Outline = [];
    for (let j = 0; j <= 8; j++)
      hole.push(Math.cos(a0 + ((a1 - a0) * j) / 8) * 0.72, Math.sin(a0 + ((a1 - a0) * j) / 8) * 0.72);
    for (let j = 8; j >= 0; j--)
      hole.push(Math.cos(a0 + ((a1 - a0) * j) / 8) * 0.26, Math.sin(a0 + ((a1 - a0) * j) / 8) * 0.26);
    holes.push(hole);
  }
  return { outlines: [rim], holes };
}

const hull = () => smooth("-0.95 -0.2, -0.6 -0.14, 0.6 -0.14, 1.05 -0.26, 0.8 0.06, 0 0.1, -0.75 0.06");

/** A boat with two oars, 2 long, on the water line y = 0. */
export const rowingBoat = (): Path => ({
  outlines: [
    hull(),
    limb(-0.28, -0.34, 0.025, 0.3, 0.12, 0.03),
    ellipse(0.36, 0.16, 0.13, 0.05, 0.6),
    limb(0.4, -0.32, 0.022, -0.1, 0.1, 0.026),
  ],
});

/** A sailing boat, 2 long, on the water line y = 0. */
export const boat = (): Path => ({
  outlines: [
    hull(),
    limb(0.05, -0.1, 0.025, 0.05, -1.75, 0.012),
    smooth("0.1 -1.68, 0.5 -1.1, 0.85 -0.36, 0.45 -0.3, 0.1 -0.32, 0.14 -1"),
    smooth("0 -1.5, -0.25 -1, -0.6 -0.38, -0.25 -0.34, 0 -0.36"),
  ],
});

/** A door in its frame, 1 high. */
export const doorFrame = (): Path => ({
  outlines: [box(-0.29, -1.06, 0.58, 1.06)],
  holes: [box(-0.23, -1, 0.46, 1)],
});

/** A hot-air balloon. */
export const balloon = (): Path => ({
  outlines: [
    smooth(
      "0 -1, 0.34 -0.9, 0.47 -0.6, 0.36 -0.3, 0.1 -0.05, -0.1 -0.05, -0.36 -0.3, -0.47 -0.6, -0.34 -0.9",
    ),
    box(-0.09, 0.12, 0.18, 0.13),
    limb(-0.1, -0.06, 0.006, -0.08, 0.13, 0.006),
    limb(0.1, -0.06, 0.006, 0.08, 0.13, 0.006),
  ],
});

/** A lighthouse. */
export const lighthouse = (): Path => ({
  outlines: [
    [-0.14, 0, -0.085, -0.8, 0.085, -0.8, 0.14, 0],
    box(-0.12, -0.83, 0.24, 0.03),
    box(-0.07, -0.95, 0.14, 0.13),
    [-0.1, -0.94, 0, -1.06, 0.1, -0.94],
  ],
});

/** A small house with a chimney, 1 wide. */
export const house = (): Path => ({
  outlines: [box(-0.5, -0.5, 1, 0.5), [-0.6, -0.48, 0, -0.95, 0.6, -0.48], box(0.22, -0.95, 0.13, 0.35)],
});

/** An old key. */
export const key = (): Path => ({
  outlines: [
    ellipse(0, -0.75, 0.25),
    limb(0, -0.6, 0.05, 0, 0.1, 0.05),
    box(0, -0.1, 0.2, 0.08),
    box(0, 0.05, 0.16, 0.08),
  ],
  holes: [ellipse(0, -0.75, 0.14)],
});

/** An open book seen from above its lower edge. */
export const book = (): Path => ({
  outlines: [
    smooth("0 0, -0.3 -0.1, -0.75 -0.05, -0.85 -0.45, -0.4 -0.52, 0 -0.42"),
    smooth("0 0, 0.3 -0.1, 0.75 -0.05, 0.85 -0.45, 0.4 -0.52, 0 -0.42"),
  ],
});

/** An open umbrella. */
export const umbrella = (): Path => ({
  outlines: [
    smooth(
      "-0.6 -0.6, -0.45 -0.88, 0 -1.02, 0.45 -0.88, 0.6 -0.6, 0.4 -0.66, 0.2 -0.58, 0 -0.66, -0.2 -0.58, -0.4 -0.66",
    ),
    ...stroke("0 -0.95 0.018, 0 -0.08 0.018, 0.05 0 0.018, 0.12 -0.03 0.018"),
  ],
});

/** A human heart as cards have it, 1 high around the origin. */
export const heart = (): Path => ({
  outlines: [
    smooth(
      "0 0.5, -0.34 0.16, -0.52 -0.16, -0.4 -0.42, -0.16 -0.44, 0 -0.26, 0.16 -0.44, 0.4 -0.42, 0.52 -0.16, 0.34 0.16",
    ),
  ],
});

/** An open right hand, palm toward us, wrist at y = 0, 1 high. */
export const hand = (): Path => ({
  outlines: [
    smooth("-0.13 0.3, -0.13 0, -0.22 -0.22, -0.2 -0.42, 0 -0.5, 0.2 -0.44, 0.22 -0.22, 0.13 0, 0.13 0.3"),
    ...stroke("-0.14 -0.42 0.056, -0.19 -0.66 0.05, -0.215 -0.84 0.038"),
    ...stroke("-0.04 -0.46 0.058, -0.055 -0.75 0.052, -0.06 -0.95 0.04"),
    ...stroke("0.07 -0.45 0.056, 0.085 -0.72 0.05, 0.095 -0.9 0.038"),
    ...stroke("0.165 -0.4 0.05, 0.215 -0.6 0.043, 0.245 -0.74 0.033"),
    ...stroke("-0.14 -0.12 0.075, -0.3 -0.3 0.055, -0.4 -0.46 0.042"),
  ],
});

/** A human ear. */
export const ear = (): Path => ({
  outlines: [
    smooth(
      "0.05 0.5, -0.12 0.42, -0.2 0.2, -0.34 -0.05, -0.34 -0.32, -0.15 -0.52, 0.12 -0.5, 0.3 -0.3, 0.3 -0.05, 0.18 0.1, 0.16 0.3",
    ),
  ],
});
