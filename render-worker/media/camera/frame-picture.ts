/** Cuts a picture to the part that the camera can reach, around its subject. */
import type { FocusBox } from "../../../contract/storyboard.ts";
import { keepInside } from "./keep-inside.ts";
import { type Look, rowReach } from "./looks.ts";
import { type Field, type Move, plateSize, type Size, type Window } from "./plan.ts";

/** How a picture becomes a plate: scaled, then cut at `left` and `top`, which are even. */
export interface Framing {
  scaled: Size;
  plate: Size;
  left: number;
  top: number;
  /** The subject in the plate's pixels. */
  focus: Window | null;
}

/**
 * The plate of a picture for a film of this size. Of a picture of about the film's shape the top is kept; of
 * others the subject decides, or without one the middle.
 */
export function framePicture(picture: Size, box: FocusBox | null, filmSize: Size): Framing {
  const { scaled, plate } = plateSize(picture, filmSize);
  const isNear = scaled.height < plate.height * nearShape;
  const middle = {
    x: (scaled.width - plate.width) / 2,
    y: isNear ? 0 : (scaled.height - plate.height) / 2,
  };
  const subject = box && {
    x: box.x * scaled.width,
    y: box.y * scaled.height,
    width: box.w * scaled.width,
    height: box.h * scaled.height,
  };
  const centred = subject && {
    x: subject.x + (subject.width - plate.width) / 2,
    y: subject.y + (subject.height - plate.height) / 2,
  };
  // Most pictures show their subject in the middle: the more there is to choose, the more the box decides.
  const wanted = centred && {
    x: lean(middle.x, centred.x, scaled.width / plate.width),
    y: lean(middle.y, centred.y, scaled.height / plate.height),
  };
  const { x, y } = subject && wanted ? keepInside(wanted, plate, scaled, subject) : middle;
  const [left, top] = [Math.floor(x / 2) * 2, Math.floor(y / 2) * 2];
  return { scaled, plate, left, top, focus: subject && cutTo(subject, left, top, plate) };
}

/** A picture less high than this, in parts of its plate's height, has about the film's shape. */
const nearShape = 1.25;

/**
 * From the middle to the subject's own place, which counts alone if the picture is half as large again as the
 * plate.
 */
const lean = (middle: number, centred: number, excess: number) =>
  middle + (centred - middle) * Math.min(1, 2 * (excess - 1));

/** The values of a picture's bands for as many bands of its plate. */
export function cutBands(busy: readonly number[], { scaled, plate, top }: Framing): number[] {
  return busy.map((_, band) => {
    const row = top + ((band + 0.5) * plate.height) / busy.length;
    return busy[Math.min(busy.length - 1, Math.floor((row * busy.length) / scaled.height))] as number;
  });
}

/** The same for the bands of the frame: the mean of both ends of the move. Empty if they are not known. */
export function findBusy({ height, busy = [] }: Field, { from, to }: Move): number[] {
  return busy.map((_, band) => {
    const at = (seen: Window) => {
      const row = seen.y + ((band + 0.5) * seen.height) / busy.length;
      return busy[Math.min(busy.length - 1, Math.floor((row * busy.length) / height))] as number;
    };
    return (at(from) + at(to)) / 2;
  });
}

/** The part of the subject that is on the plate. */
function cutTo(subject: Window, left: number, top: number, plate: Size): Window {
  const [x, y] = [Math.max(0, subject.x - left), Math.max(0, subject.y - top)];
  return {
    x,
    y,
    width: Math.max(1, Math.min(plate.width, subject.x + subject.width - left) - x),
    height: Math.max(1, Math.min(plate.height, subject.y + subject.height - top) - y),
  };
}

/** The part of the frame that captions leave free during a move; null if the subject is not known. */
export function findSubject({ focus }: Field, { from, to }: Move, look: Look): FocusBox | null {
  if (!focus) return null;
  const { x, y, w, h } = seenBox(focus, [from, to]);
  const reach = rowReach(look);
  const left = Math.max(0, x - reach);
  return { x: left, y, w: Math.min(1, x + w + reach) - left, h };
}

/**
 * Where the subject is seen in the film during a whole move, in parts of the frame. The ends of the move are
 * enough, because each edge goes one way between them.
 */
export function seenBox(focus: Window, ends: readonly Window[]): FocusBox {
  const left = Math.min(...ends.map((seen) => (focus.x - seen.x) / seen.width));
  const top = Math.min(...ends.map((seen) => (focus.y - seen.y) / seen.height));
  const right = Math.max(...ends.map((seen) => (focus.x + focus.width - seen.x) / seen.width));
  const bottom = Math.max(...ends.map((seen) => (focus.y + focus.height - seen.y) / seen.height));
  const [x, y] = [Math.max(0, left), Math.max(0, top)];
  return { x, y, w: Math.min(1, right) - x, h: Math.min(1, bottom) - y };
}
