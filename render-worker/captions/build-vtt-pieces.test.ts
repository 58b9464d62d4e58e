import { expect, it } from "vitest";
import { buildVttPieces } from "./build-vtt-pieces.ts";

const words = ["One.", "Two.", "Three.", "Four."].map((text, i) => ({
  text,
  startSeconds: i * 4,
  endSeconds: i * 4 + 3.9,
}));

it("gives each piece the cues that it shows, a cue across two pieces in both, and none after the scene", () => {
  const pieces = [
    { startSeconds: 20, endSeconds: 28 },
    { startSeconds: 28, endSeconds: 36.2 },
  ];
  const texts = buildVttPieces({ words, startSeconds: 20.3 }, pieces);
  for (const text of texts) expect(text).toMatch(/^WEBVTT\nX-TIMESTAMP-MAP=MPEGTS:0,LOCAL:00:00:00\.000\n\n/);
  const cuesOf = (text = "") => text.match(/.* --> .*/g) ?? [];
  const [first, second] = texts.map(cuesOf);
  expect([...new Set([...(first ?? []), ...(second ?? [])])]).toHaveLength(4);
  expect(first?.at(-1)).toBe(second?.[0]);
  expect(second?.at(-1)).toMatch(/--> 00:00:36\.200$/);
});
