/** A small picture, three bytes a pixel, row by row. */
export interface Thumbnail {
  width: number;
  height: number;
  rgb: Uint8Array;
}

/** The long edge of the thumbnail in pixels: enough for a box that is true to 1 %. */
export const thumbnailEdge = 96;
