import { describe, expect, it } from "vitest";
import { countAdts, cutAdts } from "./adts.ts";

/** A stream of frames with different content. */
function write(...lengths: number[]): Buffer {
  const frames = lengths.map((length, index) => {
    const frame = Buffer.alloc(length, index + 1);
    frame.set([
      0xff,
      0xf1,
      0x4c,
      0x80 | (length >> 11),
      (length >> 3) & 0xff,
      ((length & 7) << 5) | 0x1f,
      0xfc,
    ]);
    return frame;
  });
  return Buffer.concat(frames);
}

describe("an ADTS stream", () => {
  const stream = write(100, 8, 2_100, 300);

  it("is cut at its frames", () => {
    expect(countAdts(stream)).toBe(4);
    expect(cutAdts(stream, 1, 2).equals(stream.subarray(100, 2_208))).toBe(true);
    expect(cutAdts(stream, 0, 4).equals(stream)).toBe(true);
  });

  it.each([
    ["that is too short", () => cutAdts(stream, 2, 3)],
    ["whose last frame is cut", () => countAdts(stream.subarray(0, -1))],
    ["with something between its frames", () => countAdts(Buffer.concat([stream, Buffer.alloc(20)]))],
  ])("%s is refused", (_, read) => {
    expect(read).toThrow("too few frames");
  });
});
