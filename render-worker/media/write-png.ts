import { dirname } from "node:path";
import { Readable } from "node:stream";
import { runFfmpeg } from "./ffmpeg.ts";

export interface RgbImage {
  width: number;
  height: number;
  /** Three bytes a pixel, row by row from the top. */
  pixels: Buffer;
}

/**
 * Writes the image to the file `to` as a PNG, without loss, by one run of ffmpeg.
 * @throws Cancelled, Transient as `runFfmpeg` does
 */
export async function writePng(
  { width, height, pixels }: RgbImage,
  to: string,
  signal: AbortSignal,
): Promise<void> {
  const shape = ["-f", "rawvideo", "-pixel_format", "rgb24", "-video_size", `${width}x${height}`];
  await runFfmpeg({
    inputs: [{ source: Readable.from([pixels]), options: shape }],
    outputs: [{ file: to, options: ["-frames:v", "1", "-c:v", "png", "-f", "image2pipe"] }],
    cwd: dirname(to),
    signal,
    timeoutMs: 30_000,
  });
}
