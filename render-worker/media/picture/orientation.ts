/** EXIF orientation: how the stored pixels must be turned and mirrored. 1 is as stored. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const orientationTag = 0x0112;

/**
 * Reads the orientation from an EXIF block, with or without JPEG's "Exif" prefix; 1 if it has none. @source
 * CIPA DC-008
 */
export function readOrientation(exif: Buffer): Orientation {
  const tiff = exif.toString("latin1", 0, 4) === "Exif" ? exif.subarray(6) : exif;
  const isLittle = tiff.toString("latin1", 0, 2) === "II";
  const u16 = (at: number) => (isLittle ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const u32 = (at: number) => (isLittle ? tiff.readUInt32LE(at) : tiff.readUInt32BE(at));
  try {
    const directory = u32(4);
    for (let entry = 0; entry < u16(directory); entry++) {
      const at = directory + 2 + 12 * entry;
      if (u16(at) === orientationTag) return toOrientation(u16(at + 8));
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return 1;
}

const toOrientation = (value: number) => (value >= 1 && value <= 8 ? (value as Orientation) : 1);

/** True if width and height are swapped. */
export const isTurned = (orientation: Orientation): boolean => orientation >= 5;

/** The ffmpeg filters that turn the stored pixels upright. */
export const uprightFilters: Record<Orientation, readonly string[]> = {
  1: [],
  2: ["hflip"],
  3: ["hflip", "vflip"],
  4: ["vflip"],
  5: ["transpose=cclock_flip"],
  6: ["transpose=clock"],
  7: ["transpose=clock_flip"],
  8: ["transpose=cclock"],
};
