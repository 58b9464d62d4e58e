/** Where a camera's window may be so that it shows the whole subject, and the top of the picture. */
import { captionLine, shapeOf } from "../../captions/ass/film-shape.ts";
import { type Size, type Window, zoom } from "./window.ts";

/** The least distance of the subject from the frame's edges, in parts of the frame; above heads more. */
const margins = { side: 0.07, top: 0.1, bottom: 0.08 };
/**
 * The same in upright films, where apps cover the top and the right: as captions/ass/film-shape.ts has it.
 */
const uprightMargins = { top: 0.14, right: 0.14 };
/** A subject that fills the picture still gets this much motion. */
const leastZoom = 1.04;
/**
 * How much of the plate's top may be out of sight where the subject does not need more: heads and skies are
 * there.
 */
const mostTopCut = 0.04;
const captionLineOf = ({ width, height }: Size) => captionLine[shapeOf(width, height)];

/**
 * How far the camera may zoom in without cutting the subject, or the top of the picture to show it.
 *
 * @param reach how far rows of the picture slide to either side, in parts of the frame's width
 */
export function closestZoom(focus: Window, plate: Size, wide: Size, reach = 0): number {
  const across = (wide.width * (1 - 2 * (margins.side + reach))) / focus.width;
  // In upright films apps cover the room below the captions, so the subject stays above them.
  const bottom = wide.width < wide.height ? captionLineOf(wide) : 1 - margins.bottom;
  const down = (wide.height * (bottom - margins.top)) / focus.height;
  const below = focus.y + focus.height - mostTopCut * plate.height;
  // Nearer, the subject would sink behind the captions. If it stands there already, they go elsewhere.
  const line = captionLineOf(wide) * wide.height;
  const end = below <= line ? line : wide.height * (1 - margins.bottom);
  const fromTop = below <= 0 ? zoom : end / below;
  return Math.max(leastZoom, Math.min(zoom, across, down, fromTop));
}

/**
 * The place nearest to `wanted` at which a window of this size shows the subject, and if possible shows it
 * above the captions. If the subject is too large, the window shows its middle across and its top.
 *
 * @param reach the least distance of the window from the plate's sides, in pixels
 */
export function keepInside(
  wanted: { x: number; y: number },
  window: Size,
  plate: Size,
  focus: Window | null,
  reach = 0,
): { x: number; y: number } {
  const held = focus ? aroundSubject(wanted, window, plate, focus, reach) : wanted;
  const x =
    plate.width - window.width < 2 * reach
      ? (plate.width - window.width) / 2
      : clamp(held.x, reach, plate.width - window.width - reach);
  return { x, y: clamp(held.y, 0, plate.height - window.height) };
}

function aroundSubject(
  wanted: { x: number; y: number },
  window: Size,
  plate: Size,
  focus: Window,
  reach: number,
): { x: number; y: number } {
  const isUpright = window.width < window.height;
  const side = margins.side * window.width + reach;
  const right = isUpright ? uprightMargins.right * window.width + reach : side;
  const x = between(
    wanted.x,
    focus.x + focus.width + right - window.width,
    focus.x - side,
    // Too wide for both margins: it stands in the middle.
    () => focus.x + (focus.width - window.width) / 2,
  );
  const top = isUpright ? uprightMargins.top : margins.top;
  const highest = focus.y - top * window.height;
  const bottom = focus.y + focus.height;
  const aboveCaptions = bottom - captionLineOf(window) * window.height;
  const whole = bottom + margins.bottom * window.height - window.height;
  const room = Math.min(highest, plate.height - window.height, mostTopCut * plate.height);
  // `closestZoom` makes both equal at the closest end, but for rounding.
  const lowest = aboveCaptions <= room + 1e-6 * window.height ? aboveCaptions : whole;
  // Too high for both margins: they share what is left.
  const left = Math.max(0, window.height - focus.height);
  const share = top / (top + margins.bottom);
  return { x, y: between(wanted.y, lowest, highest, () => focus.y - left * share) };
}

/** `value` within the limits; `otherwise` decides if they contradict each other. */
const between = (
  value: number,
  least: number,
  most: number,
  otherwise: (least: number, most: number) => number,
) => (least <= most ? clamp(value, least, most) : otherwise(least, most));

const clamp = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most);
