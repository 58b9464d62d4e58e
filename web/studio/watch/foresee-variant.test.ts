import { describe, expect, it } from "vitest";
import { addForeseen } from "./foresee-variant.ts";

const variant = (height: number, bits: number) =>
  `#EXT-X-STREAM-INF:BANDWIDTH=${bits},RESOLUTION=${(height * 16) / 9}x${height},FRAME-RATE=30.000,CODECS="avc1.64001e,mp4a.40.2"\n${height}p/index.m3u8\n`;
const head = "#EXTM3U\n#EXT-X-VERSION:7\n";
const address = "http://edge/videos/d/j/g/hls/index.m3u8";

describe("addForeseen", () => {
  it("adds a richer rendition to the only one there is", () => {
    expect(addForeseen(head + variant(360, 400_000), address)).toBe(
      `${head}${variant(360, 400_000)}${variant(1080, 4_000_000).replace("1080p/index.m3u8", `${address}#foreseen`)}`,
    );
  });

  it("leaves alone a playlist that has both, and one that is none", () => {
    const both = head + variant(360, 400_000) + variant(1080, 4_000_000);
    expect(addForeseen(both, address)).toBe(both);
    expect(addForeseen("", address)).toBe("");
  });
});
