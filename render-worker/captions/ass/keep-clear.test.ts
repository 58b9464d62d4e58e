import { expect, it } from "vitest";
import { filmSizes } from "../../../contract/film.ts";
import { seeded } from "../../../tests/seeded.ts";
import { burntInStyles, captionLooks } from "./caption-looks.ts";
import { captionLine, shapeOf } from "./film-shape.ts";
import { type Area, keepClear, overlap } from "./keep-clear.ts";
import { layOut } from "./layout.ts";

/** What a Latin line takes above its baseline, and the distance of two, in em. */
const above = 0.95;
const mainLeading = 1.3;
const block = { width: 700, above: 80, below: 25 };

function place(shape: keyof typeof filmSizes, areas: Area[], busy: number[] = []) {
  const { width, height } = filmSizes[shape];
  const { captions, safe } = layOut(width, height, captionLooks.karaoke);
  const baseline = keepClear(block, captions.baseline, areas, { width, height, safe, busy });
  const words = { x: (width - block.width) / 2, y: baseline - block.above, width: block.width, height: 105 };
  return { baseline, words, usual: captions.baseline, safe };
}

it("keeps captions at their usual height if nothing is there", () => {
  const { baseline, usual } = place("16:9", [{ x: 700, y: 200, width: 400, height: 500 }]);
  expect(baseline).toBe(usual);
});

it("puts captions above a figure that stands where they usually are", () => {
  const figure = { x: 700, y: 350, width: 400, height: 680 };
  const { words, safe } = place("16:9", [figure]);
  expect(overlap(words, figure)).toBe(0);
  expect(words.y + words.height).toBeLessThan(figure.y);
  expect(words.y).toBeGreaterThanOrEqual(safe.top);
});

it.each(["16:9", "9:16", "1:1"] as const)(
  "covers no subject in %s that leaves room above or below it",
  (shape) => {
    const random = seeded(11);
    const { width, height } = filmSizes[shape];
    const { safe } = layOut(width, height, captionLooks.karaoke);
    for (let i = 0; i < 300; i++) {
      const figure = {
        x: random() * width * 0.7,
        y: random() * height * 0.8,
        width: width * 0.3,
        height: height * 0.4,
      };
      const { words } = place(shape, [figure]);
      expect(words.y).toBeGreaterThanOrEqual(safe.top - 1e-9);
      expect(words.y + words.height).toBeLessThanOrEqual(safe.bottom + 1e-9);
      const room = Math.max(figure.y - safe.top, safe.bottom - figure.y - figure.height);
      if (room > 105 * 1.2) expect(overlap(words, figure)).toBe(0);
    }
  },
);

it("covers the feet rather than the head if there is no free place", () => {
  const giant = { x: 500, y: 0, width: 900, height: 1080 };
  const { words } = place("16:9", [giant]);
  expect(words.y).toBeGreaterThan(1080 * 0.5);
});

it.each(burntInStyles)("stays clear of what apps cover in an upright film (%s)", (style) => {
  const { safe, captions } = layOut(1080, 1920, captionLooks[style]);
  expect(safe.bottom).toBeLessThanOrEqual(1920 * 0.8);
  expect(captions.baseline).toBeLessThan(safe.bottom);
  const left = captions.left ?? 540 - captions.width / 2;
  expect(left + captions.width).toBeLessThanOrEqual(1080 * 0.88);
});

it.each(burntInStyles)("usually stands below what the camera keeps for the subject (%s)", (style) => {
  const { usualLines } = captionLooks[style];
  for (const { width, height } of Object.values(filmSizes)) {
    const { baseline, em } = layOut(width, height, captionLooks[style]).captions;
    const top = baseline - em * (above + (usualLines - 1) * mainLeading);
    expect(top / height).toBeGreaterThan(captionLine[shapeOf(width, height)]);
  }
});

it("chooses the least busy place if there is no free one", () => {
  const all = { x: 0, y: 0, width: 1920, height: 1080 };
  const quietAbove = Array.from({ length: 16 }, (_, band) => (band < 4 ? 0.1 : 0.5));
  expect(place("16:9", [all], quietAbove).words.y).toBeLessThan(1080 * 0.2);
  expect(place("16:9", [all], quietAbove.toReversed()).words.y).toBeGreaterThan(1080 * 0.7);
});

it("never puts a title over captions while another place is left", () => {
  const { width, height } = filmSizes["9:16"];
  const all = { x: 0, y: 0, width, height };
  const busy = Array.from({ length: 16 }, (_, band) => (band < 4 ? 0.1 : 0.5));
  const { words, safe } = place("9:16", [all], busy);
  const title = { width: 800, above: 70, below: 70 };
  const middle = keepClear(title, height * 0.42, [all], { width, height, safe, busy, taken: words });
  const area = { x: (width - 800) / 2, y: middle - 70, width: 800, height: 140 };
  expect(overlap(area, words)).toBe(0);
});
