/** Where a camera's window may be so that it shows the whole subject. */
import { type Size, type Window, zoom } from "./window.ts";

/** The least distance of the subject from the frame's edges, in parts of the frame; above heads more. */
const margins = { side: 0.07, top: 0.1, bottom: 0.08 };
/** A subject that fills the picture still gets this much motion. */
const leastZoom = 1.04;
/** Captions stand below this part of a frame's height, if the picture leaves room for the subject above. */
const captionLineOf = ({ width, height }: Size) => (width < height * 0.83 ? 0.68 : 0.74);

/** How far the camera may zoom in without cutting the subject. */
export function closestZoom(focus: Window, wide: Size): number {
  const across = (wide.width * (1 - 2 * margins.side)) / focus.width;
  // In upright films apps cover the room below the captions, so the subject stays above them.
  const bottom = wide.width < wide.height ? captionLineOf(wide) : 1 - margins.bottom;
  const down = (wide.height * (bottom - margins.top)) / focus.height;
  return Math.max(leastZoom, Math.min(zoom, across, down));
}

/**
 * The place nearest to `wanted` at which a window of this size shows the subject, and if possible shows it above the
 * captions. If the subject is too large, the window shows its middle across and its top.
 */
export function keepInside(
  wanted: { x: number; y: number },
  window: Size,
  plate: Size,
  focus: Window,
): { x: number; y: number } {
  const side = margins.side * window.width;
  const x = between(
    wanted.x,
    focus.x + focus.width + side - window.width,
    focus.x - side,
    (least, most) => (least + most) / 2,
  );
  const highest = focus.y - margins.top * window.height;
  const bottom = focus.y + focus.height;
  const aboveCaptions = bottom - captionLineOf(window) * window.height;
  const whole = bottom + margins.bottom * window.height - window.height;
  const lowest = aboveCaptions <= Math.min(highest, plate.height - window.height) ? aboveCaptions : whole;
  // Too high for both margins: they share what is left.
  const left = Math.max(0, window.height - focus.height);
  const share = margins.top / (margins.top + margins.bottom);
  const y = between(wanted.y, lowest, highest, () => focus.y - left * share);
  return { x: clamp(x, 0, plate.width - window.width), y: clamp(y, 0, plate.height - window.height) };
}

/** `value` within the limits; `otherwise` decides if they contradict each other. */
const between = (
  value: number,
  least: number,
  most: number,
  otherwise: (least: number, most: number) => number,
) => (least <= most ? clamp(value, least, most) : otherwise(least, most));

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
