import { describe, expect, it } from "vitest";
import { addPlaceholder } from "./announce-variant.ts";

const variant = (height: number, bits: number) =>
  `#EXT-X-STREAM-INF:BANDWIDTH=${bits},RESOLUTION=${(height * 16) / 9}x${height},FRAME-RATE=30.000,CODECS="avc1.64001e,mp4a.40.2"\n${height}p/index.m3u8\n`;
const head = "#EXTM3U\n#EXT-X-VERSION:7\n";
const address = "http://edge/videos/d/j/g/hls/index.m3u8";

describe("addPlaceholder", () => {
  it("adds a sharper rendition to a single one", () => {
    expect(addPlaceholder(head + variant(360, 400_000), address)).toBe(
      `${head}${variant(360, 400_000)}${variant(1080, 4_000_000).replace("1080p/index.m3u8", `${address}#placeholder`)}`,
    );
  });

  it("does not change a playlist with two renditions, or an empty one", () => {
    const both = head + variant(360, 400_000) + variant(1080, 4_000_000);
    expect(addPlaceholder(both, address)).toBe(both);
    expect(addPlaceholder("", address)).toBe("");
  });
});
