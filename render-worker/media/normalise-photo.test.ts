/** Photos as phones and attackers make them, through the real ffmpeg. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { normalisePhoto } from "./normalise-photo.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "normalise-photo-"));
});
afterAll(() => rm(folder, { recursive: true }));

let files = 0;
async function normalise(photo: Buffer): Promise<Buffer> {
  const file = join(folder, `photo-${files++}`);
  await writeFile(file, photo);
  await normalisePhoto(file, `${file}.jpg`, AbortSignal.timeout(60_000));
  return readFile(`${file}.jpg`);
}
const paint = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: "#c04020" } });

it.each(["jpeg", "png", "webp"] as const)(
  "writes a %s anew as a JPEG, in a square of at most 1024 pixels",
  async (format) => {
    const sent = await normalise(await paint(1500, 900).toFormat(format).toBuffer());
    const { format: written, width, height } = await sharp(sent).metadata();
    expect({ written, width, height }).toEqual({ written: "jpeg", width: 1024, height: 1024 });
    const { dominant } = await sharp(sent).stats();
    for (const [at, value] of [0xc0, 0x40, 0x20].entries())
      expect(Math.abs(([dominant.r, dominant.g, dominant.b][at] ?? 0) - value)).toBeLessThanOrEqual(12);
  },
);

it("turns a photo upright, and keeps no location, thumbnail, comment or name of a camera", async () => {
  const halves = await sharp({ create: { width: 300, height: 200, channels: 3, background: "#000" } })
    .composite([{ input: await paint(150, 200).png().toBuffer(), left: 0, top: 0 }])
    .withExif({
      IFD0: { Make: "SecretCamera", Orientation: "6" },
      IFD3: { GPSLatitudeRef: "N", GPSLatitude: "52/1 31/1 12/1" },
    })
    .jpeg()
    .toBuffer();
  const tagged = await sharp(halves).keepMetadata().withMetadata({ orientation: 6 }).toBuffer();
  expect(tagged.includes("SecretCamera")).toBe(true);
  const sent = await normalise(tagged);
  for (const word of ["SecretCamera", "Exif", "GPS", "ICC_PROFILE"]) expect(sent.includes(word)).toBe(false);
  const { width, height, orientation, exif } = await sharp(sent).metadata();
  expect({ width, height, orientation, exif }).toEqual({ width: 300, height: 300 });
  // What was on the left is on the top, between grey bars.
  const { data } = await sharp(sent).raw().toBuffer({ resolveWithObject: true });
  const redAt = (x: number, y: number) => data[(y * 300 + x) * 3] ?? -1;
  expect(redAt(150, 20)).toBeGreaterThan(150);
  expect(redAt(150, 280)).toBeLessThan(40);
  for (const x of [10, 290]) expect(Math.abs(redAt(x, 150) - 128)).toBeLessThan(10);
});

it("gives the same bytes for the same photo", async () => {
  const photo = await paint(640, 480).jpeg().toBuffer();
  expect((await normalise(photo)).equals(await normalise(photo))).toBe(true);
});

describe("an upload that is no photo", () => {
  it.each([
    [
      "a script in an SVG",
      "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    ],
    ["a playlist", "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n"],
    ["a GIF", "GIF89a\x01\0\x01\0\0\0\0;"],
    ["a JPEG by its first bytes alone", "\xff\xd8\xff\xe0 no picture"],
    ["nothing", ""],
  ])("is refused: %s", async (_, text) => {
    await expect(normalise(Buffer.from(text, "latin1"))).rejects.toMatchObject({ name: "Poison" });
  });

  it("is refused if its pixels are too many, before they are decoded", async () => {
    const png = await paint(200, 200).png().toBuffer();
    png.writeUInt32BE(60_000, 16);
    png.writeUInt32BE(60_000, 20);
    await expect(normalise(png)).rejects.toMatchObject({ name: "Poison" });
  });

  it("is refused if it is cut or damaged", async () => {
    const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
    const whole = await sharp({ create: { width: 300, height: 300, channels: 3, background: "#000", noise } })
      .png()
      .toBuffer();
    await expect(normalise(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ name: "Poison" });
    const damaged = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    damaged.fill(0, middle, middle + 64);
    await expect(normalise(damaged)).rejects.toMatchObject({ name: "Poison" });
  });
});
