export interface Size {
  width: number;
  height: number;
}

/** A part of a plate, in the plate's pixels. Fractions keep the camera smooth. */
export interface Window extends Size {
  x: number;
  y: number;
}

/** How far the camera zooms in during a scene. */
export const zoom = 1.12;
