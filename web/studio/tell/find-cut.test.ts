import { describe, expect, it } from "vitest";
import { createCutFinder } from "./find-cut.ts";

const tickMs = 50;
/** The second at which a part is cut whose loudness is `levelAt` a second; null: not within two minutes. */
function cutAt(levelAt: (second: number) => number): number | null {
  const find = createCutFinder();
  for (let ms = 0; ms < 120_000; ms += tickMs)
    if (find(levelAt(ms / 1000), ms / 1000, tickMs)) return ms / 1000;
  return null;
}
/** Speech that pauses for the last `pause` seconds of every five. */
const speech =
  (pause: number, room = -65) =>
  (second: number) =>
    second % 5 > 5 - pause ? room : -25;

describe("a long part", () => {
  it("is cut at the first long pause after 20 s", () => {
    expect(cutAt(speech(1))).toBeGreaterThanOrEqual(20);
    expect(cutAt(speech(1))).toBeLessThan(25.1);
  });

  it("is cut at a shorter pause if there is no long one", () => {
    expect(cutAt(speech(0.5))).toBeGreaterThanOrEqual(40);
    expect(cutAt(speech(0.5))).toBeLessThan(45.1);
  });

  it("is cut after 75 s if the voice never pauses", () => {
    expect(cutAt(() => -25)).toBe(75);
  });

  it("is cut at pauses in a loud room too", () => {
    expect(cutAt(speech(1, -42))).toBeLessThan(30);
  });
});
