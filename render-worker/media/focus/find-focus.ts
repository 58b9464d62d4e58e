/** Finds what a picture shows, so that the camera can keep it in the frame and the captions clear of it. */
import type { FocusBox } from "../../../contract/storyboard.ts";
import { bestRectangle, type Rectangle } from "./best-rectangle.ts";
import { rateSalience } from "./rate-salience.ts";
import type { Thumbnail } from "./thumbnail.ts";

/** Raise this when the same picture gets another box: kept boxes are then found again. */
export const focusRecipe = 5;

/** A pixel counts for the box if it is this many standard deviations above the mean. */
const threshold = 0.1;
/** Further things belong to the subject if they attract at least this much of what the first does. */
const furtherThing = 0.1;
const mostThings = 3;
/** A box that covers more of the picture than this names no subject. */
const largestBox = 0.85;

/** What attracts the eye in a picture. */
export interface Attention {
  /** The subject's box; null if nothing stands out. */
  focus: FocusBox | null;
  /**
   * How much attracts the eye in each of `bands` equal bands from the top, where captions would stand across.
   */
  busy: number[];
}

/** The number of bands. */
export const bands = 16;
/** Captions stand in this part of the width, around the middle. */
const captionPart = 0.7;

/** The subject and the busy bands of a picture. The same pixels give the same answer; takes about 10 ms. */
export function findAttention(thumbnail: Thumbnail, hint: FocusBox | null = null): Attention {
  const salience = rateSalience(thumbnail, hint);
  return { focus: findFocus(thumbnail, salience, hint), busy: sumBands(thumbnail, salience) };
}

function sumBands({ width, height }: Thumbnail, salience: Float64Array): number[] {
  const busy = Array.from({ length: bands }, () => 0);
  const [left, right] = [(width * (1 - captionPart)) / 2, (width * (1 + captionPart)) / 2];
  for (const [at, value] of salience.entries()) {
    const [x, y] = [at % width, Math.floor(at / width)];
    const band = Math.floor((y * bands) / height);
    if (x >= left && x < right)
      busy[band] = (busy[band] as number) + value / (right - left) / (height / bands);
  }
  return busy.map((value) => Math.round(value * 1e6) / 1e6);
}

/**
 * The subject's box in parts of the picture; null if nothing stands out.
 *
 * @param hint where the storyboard expects the subject. Things near it count more; it is the answer if
 *   nothing stands out
 */
function findFocus(
  { width, height }: Thumbnail,
  salience: Float64Array,
  hint: FocusBox | null,
): FocusBox | null {
  const mean = salience.reduce((sum, value) => sum + value, 0) / salience.length;
  const variance = salience.reduce((sum, value) => sum + (value - mean) ** 2, 0) / salience.length;
  const floor = mean + threshold * Math.sqrt(variance);
  const values = salience.map((value) => value - floor);
  const first = bestRectangle(values, width, height);
  if (!(first.sum > 0)) return hint;
  let found = first;
  for (let things = 1, next = first; things < mostThings; things++) {
    for (let y = next.top; y < next.bottom; y++)
      values.fill(-floor, y * width + next.left, y * width + next.right);
    next = bestRectangle(values, width, height);
    if (next.sum <= furtherThing * first.sum) break;
    found = unite(found, next);
  }
  const box = {
    x: found.left / width,
    y: found.top / height,
    w: (found.right - found.left) / width,
    h: (found.bottom - found.top) / height,
  };
  if (hint) return keepWithin(hint, box);
  return box.w * box.h > largestBox ? null : withFeet(box);
}

/**
 * Dark feet on dark ground are often not found: so much of the picture's height below a subject belongs to
 * it.
 */
const feet = 0.07;

const withFeet = (box: FocusBox): FocusBox => ({ ...box, h: Math.min(1 - box.y, box.h + feet) });

/** The same where the storyboard says how low the subject may stand. */
const feetAbovePlan = 0.12;

/**
 * A box that has less of itself than this where the storyboard expects the subject shows that it stands
 * elsewhere.
 */
const leastAgreement = 0.5;
/** Except one that covers so much of that place: too much was found. */
const mostOfPlan = 0.8;

/**
 * The part of what was found that lies where the storyboard expects the subject; what was found if that is
 * mostly elsewhere, and what is expected if too much was found.
 */
function keepWithin(hint: FocusBox, found: FocusBox): FocusBox {
  const [x, y] = [Math.max(found.x, hint.x), Math.max(found.y, hint.y)];
  const right = Math.min(found.x + found.w, hint.x + hint.w);
  const bottom = Math.min(found.y + found.h + feetAbovePlan, hint.y + hint.h);
  const within = { x, y, w: right - x, h: bottom - y };
  const area = ({ w, h }: FocusBox) => w * h;
  const isMostOfFound = area(within) >= leastAgreement * area(found);
  const agrees = within.w > 0 && within.h > 0 && (isMostOfFound || area(within) >= mostOfPlan * area(hint));
  if (!agrees) return withFeet(found);
  return area(found) > largestBox ? hint : within;
}

const unite = (a: Rectangle, b: Rectangle): Rectangle => ({
  left: Math.min(a.left, b.left),
  top: Math.min(a.top, b.top),
  right: Math.max(a.right, b.right),
  bottom: Math.max(a.bottom, b.bottom),
  sum: a.sum + b.sum,
});
