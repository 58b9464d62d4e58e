import type { Size } from "../camera/plan.ts";
import type { Orientation } from "./orientation.ts";

/** A picture file that was parsed and not yet decoded. */
export interface EncodedPicture {
  /** Of the stored pixels, before `orientation` is applied. */
  size: Size;
  orientation: Orientation;
  /** The embedded ICC profile. Null: none, which means sRGB. */
  profile: Buffer | null;
  /** A file of the same format with the pixels alone. */
  pixels: Buffer;
}
