/**
 * Things of dreams. Unit: about 1 high, on y = 0, facing right.
 */
import { box, ellipse, limb, type Path, smooth, stroke } from "../easel/path.ts";

const apple = (): Path => ({
  outlines: [
    smooth(
      "0 -0.8, 0.28 -0.9, 0.48 -0.6, 0.38 -0.15, 0.14 0, 0 -0.05, -0.14 0, -0.38 -0.15, -0.48 -0.6, -0.28 -0.9",
    ),
    limb(0, -0.8, 0.03, 0.08, -1.05, 0.025),
    ellipse(0.2, -1, 0.14, 0.06, -0.4),
  ],
});

const bread = (): Path => ({
  outlines: [smooth("-0.85 0, -0.95 -0.45, -0.45 -0.8, 0.45 -0.8, 0.95 -0.45, 0.85 0, 0 0.04")],
});

const car = (): Path => ({
  outlines: [
    smooth(
      "-1.2 -0.2, -1.15 -0.55, -0.7 -0.6, -0.4 -0.98, 0.4 -0.98, 0.75 -0.6, 1.18 -0.5, 1.2 -0.2, 0 -0.14",
    ),
    ellipse(-0.65, -0.18, 0.2),
    ellipse(0.65, -0.18, 0.2),
  ],
  holes: [box(-0.34, -0.88, 0.3, 0.26), box(0.05, -0.88, 0.3, 0.26)],
});

const windows = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => box(from + i * 0.36, -0.82, 0.24, 0.28));

const bus = (): Path => ({
  outlines: [box(-1.1, -1, 2.2, 0.85), ellipse(-0.65, -0.14, 0.16), ellipse(0.65, -0.14, 0.16)],
  holes: windows(-1, 5),
});

const train = (): Path => ({
  outlines: [
    box(-2, -1, 1.55, 0.82),
    box(-0.35, -1, 1.4, 0.82),
    smooth("1 -0.72, 1.7 -0.7, 1.85 -0.45, 1.8 -0.18, 1 -0.18"),
    box(1.4, -1.1, 0.18, 0.42),
    ...[-1.75, -1.3, -0.75, 0, 0.55, 1.2, 1.6].map((x) => ellipse(x, -0.13, 0.13)),
  ],
  holes: [...windows(-1.92, 4), ...windows(-0.25, 3)],
});

const airplane = (): Path => ({
  outlines: [
    ellipse(0, -0.5, 1, 0.13),
    smooth("-0.1 -0.5, 0.3 -0.5, -0.35 0, -0.6 0"),
    smooth("0 -0.5, 0.3 -0.5, -0.1 -0.85, -0.28 -0.85"),
    smooth("-0.92 -0.55, -0.68 -0.55, -0.9 -1, -1.08 -1"),
  ],
});

const bicycle = (): Path => ({
  outlines: [
    ellipse(-0.55, -0.38, 0.38),
    ellipse(0.55, -0.38, 0.38),
    ...stroke("-0.55 -0.38 0.03, -0.2 -0.85 0.03, 0.4 -0.85 0.03, 0.55 -0.38 0.03"),
    ...stroke("-0.2 -0.85 0.03, 0 -0.38 0.03, 0.4 -0.85 0.03"),
    limb(0.4, -0.85, 0.03, 0.36, -1.05, 0.03),
    limb(0.28, -1.05, 0.03, 0.5, -1.05, 0.03),
    limb(-0.34, -0.98, 0.04, -0.14, -0.98, 0.04),
  ],
  holes: [ellipse(-0.55, -0.38, 0.32), ellipse(0.55, -0.38, 0.32)],
});

const table = (): Path => ({
  outlines: [box(-1, -1, 2, 0.14), box(-0.88, -0.88, 0.12, 0.88), box(0.76, -0.88, 0.12, 0.88)],
});

const chair = (): Path => ({
  outlines: [
    box(-0.32, -0.5, 0.64, 0.09),
    box(-0.32, -1.05, 0.09, 1.05),
    box(0.23, -0.45, 0.09, 0.45),
    box(-0.28, -1.05, 0.12, 0.25),
  ],
});

const telephone = (): Path => ({
  outlines: [
    smooth("-0.5 0, -0.42 -0.45, -0.2 -0.62, 0.2 -0.62, 0.42 -0.45, 0.5 0"),
    ...stroke("-0.55 -0.66 0.14, -0.4 -0.84 0.1, 0.4 -0.84 0.1, 0.55 -0.66 0.14"),
  ],
  holes: [ellipse(0, -0.3, 0.16)],
});

const coin = (): Path => ({
  outlines: [ellipse(0, -0.5, 0.5)],
  holes: [box(-0.06, -0.75, 0.12, 0.5)],
});

const blade = (): Path => ({
  outlines: [
    [0, -1.2, 0.09, -1, 0.08, -0.35, -0.08, -0.35, -0.09, -1],
    box(-0.26, -0.37, 0.52, 0.09),
    box(-0.06, -0.3, 0.12, 0.3),
  ],
});

const tooth = (): Path => ({
  outlines: [
    smooth(
      "-0.38 -0.6, -0.36 -0.95, -0.12 -1, 0 -0.93, 0.12 -1, 0.36 -0.95, 0.38 -0.6, 0.24 0, 0.08 -0.35, 0 -0.42, -0.08 -0.35, -0.24 0",
    ),
  ],
});

const shoe = (): Path => ({
  outlines: [
    smooth("-0.6 0, -0.62 -0.9, -0.25 -0.92, -0.15 -0.5, 0.5 -0.36, 0.78 -0.1, 0.7 0, 0 0.02"),
    box(-0.62, -0.06, 1.36, 0.08),
  ],
});

const hat = (): Path => ({
  outlines: [ellipse(0, -0.1, 0.8, 0.1), smooth("-0.42 -0.1, -0.38 -0.9, 0 -1, 0.38 -0.9, 0.42 -0.1")],
});

const ring = (): Path => ({
  outlines: [ellipse(0, -0.42, 0.42), [0, -0.8, 0.16, -0.95, 0.08, -1.06, -0.08, -1.06, -0.16, -0.95]],
  holes: [ellipse(0, -0.42, 0.32)],
});

const ball = (): Path => ({ outlines: [ellipse(0, -0.5, 0.5)] });
const egg = (): Path => ({ outlines: [ellipse(0, -0.5, 0.37, 0.5)] });

/** A grand piano with its lid open, seen from the player's right: the keys are at the right end. */
const piano = (): Path => ({
  outlines: [
    smooth("-0.98 -0.56, -0.9 -0.68, 0.78 -0.68, 0.8 -0.42, -0.86 -0.42, -0.97 -0.47"),
    smooth("-0.94 -0.7, -0.72 -0.98, -0.2 -1.22, 0.42 -1.3, 0.6 -1.22, 0.5 -1.1, -0.3 -0.94, -0.74 -0.7"),
    limb(0.3, -0.68, 0.025, 0.4, -1.16, 0.025),
    box(0.72, -0.58, 0.36, 0.14),
    [0.66, -0.68, 0.78, -0.94, 0.84, -0.92, 0.78, -0.68],
    ...[-0.72, 0.02, 0.74].map((x) => limb(x, -0.44, 0.075, x, -0.03, 0.04)),
    ...[-0.72, 0.02, 0.74].map((x) => ellipse(x, -0.03, 0.06, 0.035)),
    ...stroke("0.38 -0.42 0.03, 0.38 -0.08 0.03"),
    box(0.26, -0.1, 0.24, 0.05),
  ],
  holes: [0, 1, 2, 3].map((i) => box(0.83 + i * 0.06, -0.56, 0.035, 0.05)),
});

const suitcase = (): Path => ({
  outlines: [
    box(-0.6, -0.75, 1.2, 0.75),
    ...stroke("-0.2 -0.75 0.04, -0.16 -0.95 0.04, 0.16 -0.95 0.04, 0.2 -0.75 0.04"),
  ],
});

const crown = (): Path => ({
  outlines: [[-0.5, 0, -0.6, -0.8, -0.28, -0.42, 0, -1, 0.28, -0.42, 0.6, -0.8, 0.5, 0]],
});

/** Each thing by its name. */
export const objects = {
  apple,
  bread,
  car,
  bus,
  train,
  airplane,
  bicycle,
  table,
  chair,
  telephone,
  coin,
  blade,
  tooth,
  shoe,
  hat,
  ring,
  ball,
  egg,
  piano,
  suitcase,
  crown,
};
