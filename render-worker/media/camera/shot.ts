import type { Look } from "./looks.ts";
import type { Field, Move, Size } from "./plan.ts";

/** A picture decoded for the camera: a file of raw 4:2:0 planes, BT.709, limited range. */
export interface Plate extends Field {
  file: string;
}

/**
 * One layer of a shot: a plate, the camera's path over it, and the frame of the path at which the shot
 * starts.
 */
export interface Layer {
  plate: Plate;
  move: Move;
  startFrame: number;
  /** The scene's index, from which its lights are placed. */
  scene: number;
}

/**
 * The frames of one segment: its picture, the scene before it under the crossfade, and a fade to black if it
 * is the last one.
 */
export interface Shot {
  filmSize: Size;
  look: Look;
  frames: number;
  layer: Layer;
  earlier?: Layer | undefined;
  closing: boolean;
  /** How many of the last frames are black under an end card, beside those of every film. */
  cardFrames?: number;
}
