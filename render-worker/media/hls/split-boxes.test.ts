import { describe, expect, it } from "vitest";
import { readVideoCodec, splitBoxes } from "./split-boxes.ts";

const box = (type: string, content = "") => {
  const bytes = Buffer.alloc(8 + content.length);
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.write(`${type}${content}`, 4, "latin1");
  return bytes;
};
const file = (...boxes: Buffer[]) => Buffer.concat(boxes);
const text = (bytes: Buffer) => bytes.toString("latin1").replaceAll("\0", "");

describe("splitBoxes", () => {
  it("keeps what a player needs once apart from the media, and drops the rest", () => {
    const split = splitBoxes(
      file(
        box("ftyp", "a---------"),
        box("moov", "b---------"),
        box("moof", "c---------"),
        box("mdat", "d--------------"),
        box("moof", "f---------"),
        box("mdat", "g--------------"),
        box("mfra", "e---------"),
      ),
    );
    expect(text(split.init)).toMatch(/ftypa.*moovb/s);
    expect(split.media).toHaveLength(2);
    expect(text(split.media[0] as Buffer)).toMatch(/moofc.*mdatd/s);
    expect(text(split.media[1] as Buffer)).toMatch(/mooff.*mdatg-+$/s);
  });

  it.each([
    ["without a moov", file(box("ftyp", "----------"), box("moof", "----------"), box("mdat", "----------"))],
    [
      "whose last mdat is missing",
      file(box("ftyp", "--------"), box("moov", "--------"), box("moof", "--------")),
    ],
    ["cut in a box", file(box("ftyp", "--------"), box("moov", "--------")).subarray(0, 20)],
    ["of noise", Buffer.alloc(64, 0xab)],
    ["that is empty", Buffer.alloc(0)],
  ])("throws on a file %s", (_, bytes) => {
    expect(() => splitBoxes(bytes)).toThrow();
  });
});

it("names the codec by profile, constraints and level", () => {
  const configuration = Buffer.concat([Buffer.from("....avcC"), Buffer.from([1, 0x64, 0x00, 0x28, 0xff])]);
  expect(readVideoCodec(configuration)).toBe("avc1.640028");
  expect(() => readVideoCodec(Buffer.from("nothing"))).toThrow();
});
