import { describe, expect, it } from "vitest";
import { writeMultivariantPlaylist, writePlaylist } from "./playlist.ts";

const piece = (index: number, frames: number) => ({ uri: `scene-${index}.m4s`, frames });

describe("a rendition's playlist", () => {
  const pieces = [piece(0, 144), piece(1, 160), piece(2, 176)];

  it("only ever grows at its end, and closes with the film", () => {
    const grown = [1, 2, 3].map((count) =>
      writePlaylist("init.mp4", pieces.slice(0, count), { ended: false }),
    );
    const whole = writePlaylist("init.mp4", pieces, { ended: true });
    for (const [i, text] of grown.entries()) expect((grown[i + 1] ?? whole).startsWith(text)).toBe(true);
    expect(whole).toBe(`${grown.at(-1)}#EXT-X-ENDLIST\n`);
  });

  it("says each piece's length to the microsecond, and a target that no piece exceeds", () => {
    const text = writePlaylist("init.mp4", pieces, { ended: false });
    expect(text.match(/#EXTINF:.*/g)).toEqual([
      "#EXTINF:4.800000,",
      "#EXTINF:5.333333,",
      "#EXTINF:5.866667,",
    ]);
    expect(text).toContain("#EXT-X-TARGETDURATION:8\n");
    expect(text).toContain('#EXT-X-MAP:URI="init.mp4"\n');
  });

  it("refuses a piece longer than its target duration", () => {
    expect(() => writePlaylist("init.mp4", [piece(0, 256)], { ended: false })).toThrow("longer");
  });
});

it("lists renditions with what a player must know to choose", () => {
  const text = writeMultivariantPlaylist([
    {
      uri: "360/list.m3u8",
      width: 640,
      height: 360,
      videoCodec: "avc1.64001e",
      peakBitsPerSecond: 500_000.2,
      averageBitsPerSecond: 400_000.2,
    },
    {
      uri: "1080/list.m3u8",
      width: 1920,
      height: 1080,
      videoCodec: "avc1.640028",
      peakBitsPerSecond: 4e6,
      averageBitsPerSecond: 3e6,
    },
  ]);
  expect(text.split("\n").slice(3, 7)).toEqual([
    '#EXT-X-STREAM-INF:BANDWIDTH=500001,AVERAGE-BANDWIDTH=400001,CODECS="avc1.64001e,mp4a.40.2",RESOLUTION=640x360,FRAME-RATE=30.000',
    "360/list.m3u8",
    '#EXT-X-STREAM-INF:BANDWIDTH=4000000,AVERAGE-BANDWIDTH=3000000,CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080,FRAME-RATE=30.000',
    "1080/list.m3u8",
  ]);
  expect(text.split("\n")[7]).toBe(
    '#EXT-X-SESSION-DATA:DATA-ID="org.iptc.digitalsourcetype",VALUE="http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"',
  );
});
