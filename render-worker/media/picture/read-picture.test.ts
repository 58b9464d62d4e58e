import sharp from "sharp";
import { describe, expect, it } from "vitest";
import { readPicture } from "./read-picture.ts";

const size = { width: 321, height: 123 };
const paint = () => sharp({ create: { ...size, channels: 3, background: "#808080" } });

describe("readPicture", () => {
  it.each([
    ["PNG", () => paint().png()],
    ["JPEG", () => paint().jpeg()],
    ["progressive JPEG with EXIF and a profile", () => paint().withMetadata().jpeg({ progressive: true })],
    ["WebP", () => paint().webp()],
    ["lossless WebP", () => paint().webp({ lossless: true })],
    ["WebP with metadata", () => paint().withMetadata().webp()],
    ["WebP with transparency", () => paint().ensureAlpha(0.5).webp()],
  ])("reads a %s's size", async (_, encode) => {
    expect(readPicture(await encode().toBuffer())?.size).toEqual(size);
  });

  it("gives null for a file that is cut, and never throws for a damaged one", async () => {
    for (const format of ["png", "jpeg", "webp"] as const) {
      const whole = await paint().toFormat(format).toBuffer();
      for (let length = 0; length < 64; length++) {
        expect(readPicture(whole.subarray(0, length))).toBeNull();
      }
      for (let at = 0; at < 64; at++) {
        const damaged = Buffer.from(whole);
        damaged[at] = 255 - (damaged[at] as number);
        readPicture(damaged);
      }
    }
    expect(readPicture(Buffer.alloc(100))).toBeNull();
    expect(readPicture(Buffer.from("\xff\xd8\xff\xc0\0\x11\x08\0\0\0\0", "latin1"))).toBeNull();
  });
});
