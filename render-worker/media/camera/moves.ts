/** The five moves of a camera, as places of its window; plan.ts puts them on a plate. */
import type { CameraMove, CameraPace, SceneCamera } from "../../../contract/camera.ts";

/** An end of a move. */
export interface End {
  /** The zoom: 1 shows all that fits. */
  nearness: number;
  /** From 0, the left end of the spare area, to 1; `subject`: with the subject in the middle. */
  across: number | "subject";
  /** How much of the picture's top is out of sight, in parts of the frame's height. */
  down: number;
}

/** How much the camera zooms or slides each second, in parts of the frame. */
const speeds: Record<CameraPace, number> = { slow: 0.01, usual: 0.017, quick: 0.026 };
/** A smaller zoom is not noticed. */
const leastZoom = 0.04;
/** A longer slide looks hurried. */
const longestSlide = 0.12;
/** The zoom of a camera that holds: as still as a picture may be without looking frozen. */
const heldZoom = 0.02;
/** Without a subject the camera goes this far to one side of the middle, in parts of the spare area. */
const aside = 0.25;

/**
 * The ends of a move of so many seconds.
 *
 * @param field `nearest`: how far the camera may zoom in. `spare`: the area beside the frame at that zoom, in
 * parts of the frame. `knowsSubject`: the camera goes to the subject
 * @param rightwards the direction of scenes that have no reason for one
 */
export function endsOf(
  { move, pace }: SceneCamera,
  seconds: number,
  field: { nearest: number; spare: { across: number; down: number }; knowsSubject: boolean },
  rightwards: boolean,
): { from: End; to: End } {
  const { nearest, spare, knowsSubject } = field;
  const side = rightwards ? 1 : -1;
  const extent = speeds[pace] * seconds;
  const near = Math.min(nearest, 1 + Math.max(leastZoom, extent));
  const centre = (nearness: number): End => ({ nearness, across: 0.5 - side * aside, down: 0 });
  const nearer = (nearness: number): End => ({
    nearness,
    across: knowsSubject ? "subject" : 0.5 + side * aside,
    down: 0,
  });
  const ends: Record<CameraMove, () => { from: End; to: End }> = {
    push_in: () => ({ from: centre(1), to: nearer(near) }),
    pull_back: () => ({ from: nearer(near), to: centre(1) }),
    pan: () => {
      const part = slideOf(extent, spare.across) / 2;
      const end = (across: number): End => ({ nearness: nearest, across, down: 0 });
      return { from: end(0.5 - side * part), to: end(0.5 + side * part) };
    },
    rise: () => {
      const down = Math.min(longestSlide, extent, spare.down);
      const end = (height: number): End => ({ ...nearer(nearest), down: height });
      return { from: end(down), to: end(0) };
    },
    hold: () => ({ from: nearer(1), to: nearer(Math.min(nearest, 1 + heldZoom)) }),
  };
  return ends[move]();
}

/** How much of the spare area a slide takes, 0 to 1. */
const slideOf = (extent: number, spare: number) =>
  spare <= 0 ? 0 : Math.min(1, Math.min(longestSlide, extent) / spare);
