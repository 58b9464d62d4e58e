import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { beforeEach, describe, expect, it } from "vitest";
import { decodePicture } from "./decode-picture.ts";

const filmSize = { width: 640, height: 360 };
const { signal } = new AbortController();
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "picture-"));
  return () => rm(folder, { recursive: true });
});

async function decode(content: Buffer) {
  const path = join(folder, "picture");
  await writeFile(path, content);
  const [plate] = await decodePicture(path, [{ filmSize, to: join(folder, "plate") }], signal);
  if (!plate) throw new Error("no plate");
  const planes = await readFile(plate.file);
  const luma = plate.width * plate.height;
  /** Y, U and V at a position, given as parts of the width and the height. */
  const at = (right: number, down: number) => {
    const [x, y] = [Math.floor(right * plate.width), Math.floor(down * plate.height)];
    const chroma = (y >> 1) * (plate.width >> 1) + (x >> 1);
    return [planes[y * plate.width + x], planes[luma + chroma], planes[luma * 1.25 + chroma]] as number[];
  };
  return { plate, at };
}

/** Four quarters of different colours under a gradient that compression does not hide. */
const quarters = (width: number, height: number) => {
  const raw = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const place = (y * width + x) * 3;
      raw[place] = x < width / 2 ? 40 : 200;
      raw[place + 1] = y < height / 2 ? 40 : 200;
      raw[place + 2] = (x * 7 + y * 13) % 64;
    }
  return sharp(raw, { raw: { width, height, channels: 3 } });
};

const distance = (a: number[], b: number[]) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? 0))));

describe("a picture that is cut", () => {
  it.each([
    ["PNG", () => quarters(600, 400).png()],
    ["JPEG", () => quarters(600, 400).jpeg()],
    ["progressive JPEG", () => quarters(600, 400).jpeg({ progressive: true })],
    ["WebP", () => quarters(600, 400).webp()],
    ["lossless WebP", () => quarters(600, 400).webp({ lossless: true })],
  ])("is refused as %s, however little is missing", async (_, encode) => {
    const whole = await encode().toBuffer();
    await decode(whole);
    for (const part of [0.3, 0.7, 0.99])
      await expect(decode(whole.subarray(0, whole.length * part)), `${part}`).rejects.toMatchObject({
        code: "media.unreadable",
      });
  });

  it("is refused as a progressive JPEG that ends after any of its scans", async () => {
    const whole = await quarters(600, 400).jpeg({ progressive: true }).toBuffer();
    const scans = [...whole.keys()].filter((at) => whole[at] === 0xff && whole[at + 1] === 0xda);
    expect(scans.length).toBeGreaterThan(3);
    for (const scan of scans.slice(1))
      await expect(decode(whole.subarray(0, scan))).rejects.toMatchObject({ code: "media.unreadable" });
  });

  it("is refused where its data were changed on the way", async () => {
    const png = await quarters(600, 400).png().toBuffer();
    png[png.length >> 1] = 255 - (png[png.length >> 1] as number);
    await expect(decode(png)).rejects.toMatchObject({ code: "media.unreadable" });
  });
});

describe("a picture with an EXIF orientation", () => {
  it.each([
    ["jpeg", [1, 2, 3, 4, 5, 6, 7, 8]],
    ["png", [6]],
    ["webp", [6]],
  ] as const)("stands upright and is not stretched, as %s", async (format, orientations) => {
    const lossless = { quality: 100, chromaSubsampling: "4:4:4", lossless: true };
    for (const orientation of orientations) {
      const file = await quarters(600, 400)
        .withMetadata({ orientation })
        .toFormat(format, lossless)
        .toBuffer();
      const upright = await decode(await sharp(file).rotate().png().toBuffer());
      const turned = await decode(file);
      const { width, height } = upright.plate;
      expect(turned.plate).toMatchObject({ width, height });
      for (const [x, y] of [
        [0.2, 0.2],
        [0.8, 0.2],
        [0.2, 0.8],
        [0.8, 0.8],
      ] as const)
        expect(distance(turned.at(x, y), upright.at(x, y)), `${orientation}`).toBeLessThanOrEqual(6);
    }
  });
});

describe("a picture with much metadata", () => {
  it("is read behind a megabyte of application segments", async () => {
    const jpeg = await quarters(600, 400).jpeg().toBuffer();
    const segment = Buffer.alloc(65_537, 0x55);
    segment.set([0xff, 0xeb, 0xff, 0xff]);
    const manifest = Array.from({ length: 16 }, () => segment);
    const signed = await decode(Buffer.concat([jpeg.subarray(0, 2), ...manifest, jpeg.subarray(2)]));
    const plain = await decode(jpeg);
    expect(signed.plate).toEqual(plain.plate);
    expect(distance(signed.at(0.2, 0.2), plain.at(0.2, 0.2))).toBe(0);
  });

  it("is not refused for metadata that is damaged", async () => {
    const jpeg = await quarters(600, 400).jpeg().toBuffer();
    const broken = Buffer.from("\xff\xe1\0\x10Exif\0\0MM\0*\xff\xff\xff\xff", "latin1");
    await decode(Buffer.concat([jpeg.subarray(0, 2), broken, jpeg.subarray(2)]));
  });
});

describe("a picture with a colour profile", () => {
  const colours = ["#c04020", "#20a040", "#808080"];
  const paint = (background: string) =>
    sharp({ create: { width: 300, height: 200, channels: 3, background } });
  /** All the colours, side by side. */
  const stripes = async () => {
    const parts = colours.map(async (colour, place) => ({
      input: await paint(colour).resize(100, 200).png().toBuffer(),
      left: 100 * place,
      top: 0,
    }));
    return sharp(
      await paint("#000000")
        .composite(await Promise.all(parts))
        .png()
        .toBuffer(),
    );
  };
  type Image = ReturnType<typeof paint>;

  it.each([
    // JPEG rounds the colours once more.
    [
      "Display P3 in JPEG",
      4,
      "p3",
      (image: Image) => image.jpeg({ quality: 100, chromaSubsampling: "4:4:4" }),
    ],
    ["Display P3 in PNG", 2, "p3", (image: Image) => image.png()],
    ["Display P3 in WebP", 2, "p3", (image: Image) => image.webp({ lossless: true })],
    ["Adobe RGB in PNG", 2, "adobe", (image: Image) => image.png()],
  ])("has the colours that are meant, from %s", async (_, most, name, encode) => {
    const adobe = join(folder, "adobe.icc");
    await writeFile(adobe, adobeRgb());
    const profile = name === "adobe" ? adobe : name;
    const plain = await decode(await (await stripes()).png().toBuffer());
    const wide = await decode(await encode((await stripes()).withIccProfile(profile)).toBuffer());
    for (const [place, colour] of colours.entries()) {
      const right = (place + 0.5) / colours.length;
      expect(distance(wide.at(right, 0.5), plain.at(right, 0.5)), colour).toBeLessThanOrEqual(most);
    }
  });

  it("is not changed by a profile that says sRGB", async () => {
    const plain = await decode(await paint("#c04020").png().toBuffer());
    const named = await decode(await paint("#c04020").withIccProfile("srgb").png().toBuffer());
    expect(named.at(0.5, 0.5)).toEqual(plain.at(0.5, 0.5));
  });

  it("is decoded where the profile is damaged, empty or of another kind", async () => {
    const [first, second] = [await paint("#c04020").withIccProfile("p3").jpeg().toBuffer(), Buffer.alloc(64)];
    const at = first.indexOf("ICC_PROFILE") + 14;
    for (const from of [0, 16, 128, 200]) {
      const damaged = Buffer.from(first);
      second.copy(damaged, at + from);
      await decode(damaged);
    }
    await decode(await paint("#c04020").toColourspace("cmyk").withIccProfile("cmyk").jpeg().toBuffer());
    await decode(await paint("#c04020").greyscale().png().toBuffer());
  });
});

/** A profile of Adobe RGB (1998): its primaries under D50, and gamma 563/256. */
function adobeRgb(): Buffer {
  const number = (type: string, ...values: number[]) => {
    const tag = Buffer.alloc(8 + 4 * values.length);
    tag.write(type, "latin1");
    for (const [i, value] of values.entries()) tag.writeInt32BE(Math.round(value * 65_536), 8 + 4 * i);
    return tag;
  };
  const gamma = Buffer.from([...Buffer.from("curv\0\0\0\0\0\0\0\x01", "latin1"), 2, 51, 0, 0]);
  const tags: [string, Buffer][] = [
    ["wtpt", number("XYZ ", 0.9642, 1, 0.8249)],
    ["rXYZ", number("XYZ ", 0.60974, 0.31111, 0.01947)],
    ["gXYZ", number("XYZ ", 0.20528, 0.62567, 0.06087)],
    ["bXYZ", number("XYZ ", 0.14919, 0.06322, 0.74457)],
    ...["rTRC", "gTRC", "bTRC"].map((name): [string, Buffer] => [name, gamma]),
  ];
  const head = Buffer.alloc(132 + 12 * tags.length);
  head.writeUInt32BE(0x02100000, 8);
  head.write("mntrRGB XYZ ", 12, "latin1");
  head.write("acsp", 36, "latin1");
  number("", 0.9642, 1, 0.8249).copy(head, 68, 8);
  head.writeUInt32BE(tags.length, 128);
  let offset = head.length;
  for (const [i, [name, tag]] of tags.entries()) {
    head.write(name, 132 + 12 * i, "latin1");
    head.writeUInt32BE(offset, 136 + 12 * i);
    head.writeUInt32BE(tag.length, 140 + 12 * i);
    offset += tag.length;
  }
  const profile = Buffer.concat([head, ...tags.map(([, tag]) => tag)]);
  profile.writeUInt32BE(profile.length, 0);
  return profile;
}
