/**
 * Converts the colours of an embedded ICC profile to sRGB, for profiles with three primaries and three
 * curves: Display P3, Adobe RGB, Rec. 2020, ProPhoto and sRGB itself. Profiles of other kinds (tables, grey,
 * CMYK) are not converted.
 *
 * @source ICC.1:2022, 7.2 header, 8.3.3 matrix profiles, 10.6 curves, 10.18 parametric curves
 */

/** Points along each edge of the table; ffmpeg interpolates between them. */
const edge = 33;
/** A table with smaller changes than this is not worth a filter. */
const leastChange = 1 / 255;

/**
 * The text of a .cube file that converts the profile's colours to sRGB. Null if the change would not be
 * visible, or if the profile cannot be read.
 */
export function buildSrgbTable(profile: Buffer): string | null {
  try {
    return buildTable(profile);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function buildTable(profile: Buffer): string | null {
  if (profile.toString("latin1", 16, 24) !== "RGB XYZ ") return null;
  const tags = readTags(profile);
  const columns = ["rXYZ", "gXYZ", "bXYZ"].map((name) => readXyz(tags.get(name)));
  const curves = ["rTRC", "gTRC", "bTRC"].map((name) => readCurve(tags.get(name)));
  if (!columns.every((one) => one !== null) || !curves.every((one) => one !== null)) return null;
  const steps = Array.from({ length: edge }, (_, i) => i / (edge - 1));
  const [red, green, blue] = curves.map((curve) => steps.map(curve)) as [number[], number[], number[]];
  const lines = [`LUT_3D_SIZE ${edge}`];
  let change = 0;
  for (const [b, linearBlue] of blue.entries())
    for (const [g, linearGreen] of green.entries())
      for (const [r, linearRed] of red.entries()) {
        const xyz = [0, 1, 2].map((row) =>
          [linearRed, linearGreen, linearBlue].reduce(
            (sum, light, i) => sum + light * at(columns[i], row),
            0,
          ),
        );
        const srgb = toLinearSrgb.map((row) =>
          encodeSrgb(row.reduce((sum, part, i) => sum + part * at(xyz, i), 0)),
        );
        change = Math.max(change, ...[r, g, b].map((step, i) => Math.abs(at(steps, step) - at(srgb, i))));
        lines.push(srgb.map((value) => value.toFixed(6)).join(" "));
      }
  return change > leastChange ? `${lines.join("\n")}\n` : null;
}

const at = (values: readonly number[] | null | undefined, index: number) => values?.[index] ?? 0;

function readTags(profile: Buffer): Map<string, Buffer> {
  const tags = new Map<string, Buffer>();
  for (let entry = 0; entry < profile.readUInt32BE(128) && entry < 100; entry++) {
    const place = 132 + 12 * entry;
    const offset = profile.readUInt32BE(place + 4);
    tags.set(
      profile.toString("latin1", place, place + 4),
      profile.subarray(offset, offset + profile.readUInt32BE(place + 8)),
    );
  }
  return tags;
}

const fixed = (tag: Buffer, place: number) => tag.readInt32BE(place) / 65_536;

const readXyz = (tag: Buffer | undefined): number[] | null =>
  tag === undefined ? null : [8, 12, 16].map((place) => fixed(tag, place));

/** Maps a stored value to linear light, both between 0 and 1. */
type Curve = (value: number) => number;

function readCurve(tag: Buffer | undefined): Curve | null {
  const type = tag?.toString("latin1", 0, 4);
  if (tag === undefined || (type !== "curv" && type !== "para")) return null;
  return type === "curv" ? readTable(tag) : readParametric(tag);
}

function readTable(tag: Buffer): Curve {
  const count = tag.readUInt32BE(8);
  if (count === 0) return (value) => value;
  if (count === 1) {
    const gamma = tag.readUInt16BE(12) / 256;
    return (value) => value ** gamma;
  }
  return (value) => {
    const place = value * (count - 1);
    const below = Math.min(count - 2, Math.floor(place));
    const [a, b] = [below, below + 1].map((i) => tag.readUInt16BE(12 + 2 * i) / 65_535) as [number, number];
    return a + (b - a) * (place - below);
  };
}

/** Kinds 0 to 4 each add parameters to the one before; a missing parameter gets its neutral value. */
function readParametric(tag: Buffer): Curve | null {
  const kind = tag.readUInt16BE(8);
  const count = [1, 3, 4, 5, 7][kind];
  if (count === undefined) return null;
  const [g = 1, a = 1, b = 0, third = 0, fourth, e = 0, f = 0] = Array.from({ length: count }, (_, i) =>
    fixed(tag, 12 + 4 * i),
  );
  // Kinds 1 and 2 switch where the base reaches 0; kind 2 adds its third parameter on both sides.
  const offset = kind === 2 ? third : 0;
  const breakAt = fourth ?? (kind === 1 || kind === 2 ? -b / a : 0);
  const slope = kind >= 3 ? third : 0;
  return (value) =>
    value >= breakAt
      ? Math.max(0, a * value + b) ** g + (kind === 4 ? e : offset)
      : slope * value + (kind === 4 ? f : offset);
}

/**
 * From XYZ under D50, which profiles use, to linear sRGB. @source brucelindbloom.com, RGB/XYZ matrices,
 * Bradford
 */
const toLinearSrgb = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;

/** Light outside sRGB is clipped. @source IEC 61966-2-1 */
function encodeSrgb(light: number): number {
  const value = Math.min(1, Math.max(0, light));
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}
