import type { Move, Size } from "./plan.ts";

/** A picture decoded for the camera: raw 4:2:0 planes, BT.709, limited range, in a file of our own. */
export interface Plate extends Size {
  file: string;
}

/** One layer of a shot: a plate, the camera's way over it, and the frame of that way the shot starts at. */
export interface Layer {
  plate: Plate;
  move: Move;
  startFrame: number;
}

/** The frames of one segment: its own picture, the earlier one under the crossfade, a fade to black at the end. */
export interface Shot {
  filmSize: Size;
  frames: number;
  layer: Layer;
  earlier?: Layer | undefined;
  closing: boolean;
}
