/**
 * Fruits, vegetables and mushrooms. Unit: about 1 high, on y = 0.
 */
import { box, ellipse, limb, type Path, smooth, stroke } from "../easel/path.ts";

const leaf = ellipse(0.2, -1, 0.17, 0.065, -0.4);
const stem = limb(0, -0.92, 0.035, 0.05, -1.08, 0.03);

const orange = (): Path => ({ outlines: [ellipse(0, -0.47, 0.48, 0.47), leaf, stem] });
const peach = (): Path => ({
  outlines: [
    smooth("0 -0.86, 0.3 -0.94, 0.5 -0.6, 0.4 -0.18, 0 0, -0.4 -0.18, -0.5 -0.6, -0.3 -0.94"),
    leaf,
    stem,
  ],
  holes: [...stroke("0.02 -0.84 0.012, 0.14 -0.5 0.016, 0.06 -0.12 0.01")],
});
const tomato = (): Path => ({
  outlines: [
    ellipse(0, -0.42, 0.52, 0.42),
    [-0.24, -0.8, 0, -0.94, 0.24, -0.8, 0.1, -0.76, 0, -0.66, -0.1, -0.76],
    limb(0, -0.86, 0.035, 0.04, -1, 0.03),
  ],
});
const pear = (): Path => ({
  outlines: [
    smooth(
      "0 -1, 0.16 -0.9, 0.2 -0.66, 0.4 -0.36, 0.36 -0.08, 0 0, -0.36 -0.08, -0.4 -0.36, -0.2 -0.66, -0.16 -0.9",
    ),
    limb(0, -0.96, 0.03, 0.08, -1.16, 0.025),
  ],
});
const banana = (): Path => ({
  outlines: [
    smooth(
      "-0.9 -0.62, -0.7 -0.2, -0.2 0, 0.4 -0.06, 0.86 -0.5, 0.92 -0.72, 0.76 -0.62, 0.3 -0.36, -0.2 -0.36, -0.66 -0.66",
    ),
    box(0.84, -0.84, 0.11, 0.16),
  ],
});
const lemon = (): Path => ({
  outlines: [
    smooth(
      "-0.72 -0.4, -0.52 -0.52, -0.3 -0.76, 0 -0.82, 0.3 -0.76, 0.52 -0.52, 0.72 -0.4, 0.52 -0.28, 0.3 -0.06, 0 0, -0.3 -0.06, -0.52 -0.28",
    ),
  ],
});
const cherry = (): Path => ({
  outlines: [
    ellipse(-0.26, -0.22, 0.22),
    ellipse(0.28, -0.25, 0.22),
    ...stroke("-0.24 -0.4 0.025, -0.08 -0.8 0.022, 0.12 -1.05 0.03"),
    ...stroke("0.28 -0.44 0.025, 0.24 -0.8 0.022, 0.12 -1.05 0.03"),
    ellipse(0.3, -1.02, 0.16, 0.06, 0.3),
  ],
});
const grape = (): Path => ({
  outlines: [
    ...[
      [-0.3, -0.78],
      [0, -0.8],
      [0.3, -0.78],
      [-0.17, -0.56],
      [0.15, -0.57],
      [-0.02, -0.36],
      [0.2, -0.36],
      [0.04, -0.15],
    ].map(([x, y]) => ellipse(x as number, y as number, 0.17)),
    limb(0, -0.9, 0.03, 0.03, -1.12, 0.03),
    ellipse(0.2, -1.02, 0.18, 0.1, -0.3),
  ],
});
const strawberry = (): Path => ({
  outlines: [
    smooth("0 0, -0.3 -0.3, -0.42 -0.6, -0.3 -0.8, 0 -0.74, 0.3 -0.8, 0.42 -0.6, 0.3 -0.3"),
    [-0.32, -0.86, -0.1, -0.84, 0, -1.02, 0.1, -0.84, 0.32, -0.86, 0, -0.7],
  ],
  holes: [
    [-0.16, -0.56],
    [0.14, -0.56],
    [0, -0.4],
    [-0.1, -0.26],
    [0.12, -0.3],
  ].map(([x, y]) => ellipse(x as number, y as number, 0.022, 0.034)),
});
const melon = (): Path => ({
  outlines: [ellipse(0, -0.46, 0.62, 0.46), limb(0, -0.88, 0.06, 0.08, -1.06, 0.04)],
  holes: [-0.32, 0, 0.32].map((x) => ellipse(x, -0.46, 0.02, 0.4)),
});
const mushroom = (): Path => ({
  outlines: [
    smooth("-0.6 -0.5, -0.46 -0.84, 0 -1, 0.46 -0.84, 0.6 -0.5, 0 -0.44"),
    smooth("-0.14 -0.5, 0.14 -0.5, 0.2 0, 0 0.03, -0.2 0"),
  ],
  holes: [ellipse(-0.2, -0.74, 0.07), ellipse(0.16, -0.82, 0.06), ellipse(0.28, -0.62, 0.05)],
});

/** Each by its name. */
export const fruits = {
  orange,
  peach,
  tomato,
  pear,
  banana,
  lemon,
  cherry,
  grape,
  strawberry,
  melon,
  mushroom,
};
