import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { previewSizes, VisualStyle } from "../../contract/film.ts";
import { decodePicture } from "./decode-picture.ts";
import { type Placeholder, paintPlaceholder } from "./paint-placeholder.ts";
import { readPicture } from "./picture/read-picture.ts";
import { writePng } from "./write-png.ts";

const seed = "1f".repeat(32);

it.each(["16:9", "9:16", "1:1"] as const)(
  "paints a picture that the film takes like a bought one: %s",
  async (aspect) => {
    const folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
    try {
      const filmSize = previewSizes[aspect];
      const path = join(folder, "still");
      const image = paintPlaceholder({
        aspect: filmSize.width / filmSize.height,
        style: "noir",
        seed,
      });
      const { signal } = new AbortController();
      await writePng(image, path, signal);
      const { width, height } = image;
      expect(readPicture(await readFile(path))?.size).toEqual({ width, height });
      const [plate] = await decodePicture(path, [{ filmSize, to: join(folder, "plate") }], signal);
      expect(plate).toMatchObject({ width: expect.any(Number), height: expect.any(Number) });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

it("paints the same pixels for the same seed, and others for another seed or style", () => {
  const square = { aspect: 1, seed };
  const paint = (still: Placeholder) => paintPlaceholder(still).pixels.toString("base64");
  const stills = VisualStyle.options.map((style) => paint({ ...square, style }));
  expect(new Set(stills).size).toBe(VisualStyle.options.length);
  const [style] = VisualStyle.options;
  expect(paint({ ...square, style: style as VisualStyle })).toBe(stills[0]);
  const other = paint({ aspect: 1, style: style as VisualStyle, seed: "2e".repeat(32) });
  expect(other).not.toBe(stills[0]);
});

it("says so where its seed is too short for all that chance decides", () => {
  expect(() => paintPlaceholder({ aspect: 1, style: "noir", seed: "1f".repeat(16) })).toThrow(RangeError);
});
