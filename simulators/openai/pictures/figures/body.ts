/**
 * People as joints. Unit: an adult is 1 high, stands with the feet at y = 0 and faces right; up is negative.
 */
import { ellipse, limb, type Outline, type Path, readPoints, smooth } from "../easel/path.ts";

export type Hair = "long" | "short";
export type Joint = readonly [number, number];

export interface Pose {
  head: Joint;
  neck: Joint;
  chest: Joint;
  hip: Joint;
  /** Elbow and hand, knee and heel and toe, as `x y, x y`; the far limb first. */
  arms: readonly [string, string];
  legs: readonly [string, string];
  /** Falls to the shoulders, or is cut short. */
  hair?: Hair;
  /** Half the width between the shoulders and between the hips, as seen. */
  broad?: number;
  hips?: number;
}

/**
 * Where a face is: the head's middle, its turn in radians, and whether it looks to the right or at the
 * viewer.
 */
export interface Head {
  at: Joint;
  turn: number;
  isAside: boolean;
}

/** A shape with a place for a face. */
export interface Person extends Path {
  head?: Head;
}

/** The body of a pose, with its clothes. */
export function body(pose: Pose, ...worn: Outline[]): Person {
  const { head, neck, chest, hip, arms, legs, broad = 0.05, hips = 0.03, hair = "short" } = pose;
  const turn = Math.atan2(head[0] - neck[0], neck[1] - head[1]) * 0.7;
  const outlines: Outline[] = [
    ellipse(head[0], head[1], 0.054, 0.068, turn),
    limb(neck[0], neck[1], 0.03, head[0], head[1] + 0.02, 0.027),
    torso(chest, hip, neck, broad, hips),
    ...hairOf(head, hair),
  ];
  for (const [side, arm] of arms.entries()) {
    const [elbow, hand] = joints(arm) as [Joint, Joint];
    const shoulder: Joint = [chest[0] + (side ? broad : -broad), chest[1] + 0.008];
    outlines.push(limb(shoulder[0], shoulder[1], 0.036, elbow[0], elbow[1], 0.027));
    outlines.push(limb(elbow[0], elbow[1], 0.027, hand[0], hand[1], 0.019));
    outlines.push(ellipse(hand[0], hand[1], 0.024, 0.02));
  }
  for (const [side, leg] of legs.entries()) {
    const [knee, heel, toe] = joints(leg) as [Joint, Joint, Joint];
    const top: Joint = [hip[0] + (side ? hips : -hips), hip[1]];
    outlines.push(limb(top[0], top[1], 0.062, knee[0], knee[1], 0.039));
    outlines.push(limb(knee[0], knee[1], 0.04, heel[0], heel[1], 0.025));
    outlines.push(limb(heel[0], heel[1], 0.026, toe[0], toe[1], 0.015));
  }
  return { outlines: [...outlines, ...worn], head: { at: head, turn: turn * 0.5, isAside: broad < 0.08 } };
}

const joints = (limb: string): Joint[] => readPoints(limb).map(([x, y]) => [x, y]);

function hairOf([x, y]: Joint, hair: Hair): Outline[] {
  const cap = ellipse(x - 0.01, y - 0.02, 0.061, 0.062);
  if (hair === "short") return [cap];
  const fall = smooth([
    [x - 0.055, y - 0.04],
    [x, y - 0.085],
    [x + 0.055, y - 0.04],
    [x + 0.07, y + 0.03],
    [x + 0.068, y + 0.095],
    [x + 0.02, y + 0.105],
    [x - 0.02, y + 0.105],
    [x - 0.068, y + 0.095],
    [x - 0.07, y + 0.03],
  ]);
  return [cap, fall];
}

function torso(chest: Joint, hip: Joint, neck: Joint, broad: number, hips: number): Outline {
  const waist: Joint = [chest[0] * 0.4 + hip[0] * 0.6, chest[1] * 0.4 + hip[1] * 0.6];
  const ax = hip[0] - chest[0];
  const ay = hip[1] - chest[1];
  const length = Math.hypot(ax, ay) || 1;
  // Across the spine.
  const [nx, ny] = [-ay / length, ax / length];
  const b = broad + 0.035;
  const w = Math.max(0.06, broad * 0.75 + 0.02);
  const h = hips + 0.05;
  return smooth([
    [neck[0], neck[1]],
    [chest[0] - nx * b * 0.75, chest[1] - ny * b * 0.75 - 0.02],
    [chest[0] - nx * b, chest[1] - ny * b + 0.03],
    [waist[0] - nx * w, waist[1] - ny * w],
    [hip[0] - nx * h, hip[1] - ny * h],
    [hip[0], hip[1] + 0.05],
    [hip[0] + nx * h, hip[1] + ny * h],
    [waist[0] + nx * w, waist[1] + ny * w],
    [chest[0] + nx * b, chest[1] + ny * b + 0.03],
    [chest[0] + nx * b * 0.75, chest[1] + ny * b * 0.75 - 0.02],
  ]);
}
