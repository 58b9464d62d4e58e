import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { previewSizes, VisualStyle } from "../../contract/film.ts";
import { decodePicture } from "./decode-picture.ts";
import { paintPlaceholder } from "./paint-placeholder.ts";

const seed = "1f".repeat(32);

it.each(["16:9", "9:16", "1:1"] as const)(
  "paints a picture that the film takes like a bought one: %s",
  async (aspect) => {
    const folder = await mkdtemp(join(tmpdir(), "dreamreel-test-"));
    try {
      const filmSize = previewSizes[aspect];
      const path = join(folder, "still");
      await writeFile(
        path,
        paintPlaceholder({ aspect: filmSize.width / filmSize.height, style: "noir", seed }),
      );
      const [plate] = await decodePicture(
        path,
        [{ filmSize, to: join(folder, "plate") }],
        new AbortController().signal,
      );
      expect(plate).toMatchObject({ width: expect.any(Number), height: expect.any(Number) });
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);

it("paints the same bytes for the same seed, and others for another seed or style", () => {
  const square = { aspect: 1, seed };
  const stills = VisualStyle.options.map((style) =>
    paintPlaceholder({ ...square, style }).toString("base64"),
  );
  expect(new Set(stills).size).toBe(VisualStyle.options.length);
  const [style] = VisualStyle.options;
  expect(paintPlaceholder({ ...square, style: style as VisualStyle }).toString("base64")).toBe(stills[0]);
  const other = paintPlaceholder({ aspect: 1, style: style as VisualStyle, seed: "2e".repeat(32) });
  expect(other.toString("base64")).not.toBe(stills[0]);
});

it("says so where its seed is too short for all that chance decides", () => {
  expect(() => paintPlaceholder({ aspect: 1, style: "noir", seed: "1f".repeat(16) })).toThrow(RangeError);
});
