/**
 * Draws the frames of a film's segments with their captions, without encoding them: one raw file per scene.
 * Its argument is a RawFilm as JSON.
 */
import { join } from "node:path";
import { filmSizes } from "../../contract/film.ts";
import { drawShot } from "../../render-worker/media/camera/draw-shot.ts";
import { loadKernel } from "../../render-worker/media/camera/load-kernel.ts";
import { looks } from "../../render-worker/media/camera/looks.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { buildShot, rawFrames } from "../../render-worker/media/encode-segment.ts";
import { runFfmpeg } from "../../render-worker/media/ffmpeg.ts";

export interface RawFilm {
  pictures: readonly string[];
  /** The number of frames of every scene. */
  frames: readonly number[];
  /** The folder of captions-0.ass and so on. */
  captions: string;
  /** The results: frames-0.yuv and so on. */
  folder: string;
}

const { pictures, frames, captions, folder } = JSON.parse(process.argv[2] ?? "") as RawFilm;
const { signal } = new AbortController();
const filmSize = filmSizes["16:9"];
const kernel = loadKernel();
if (!kernel) throw new Error("the bench wants WebAssembly SIMD");
let earlier: Parameters<typeof buildShot>[0]["earlier"];
for (const [scene, sceneFrames] of frames.entries()) {
  const picture = pictures[scene % pictures.length] as string;
  const [plate] = await decodePicture(picture, [{ filmSize, to: join(folder, `plate-${scene}`) }], signal);
  if (!plate) throw new Error("no plate");
  const closing = scene === frames.length - 1;
  const to = join(folder, `frames-${scene}.yuv`);
  const look = looks.dreamlike;
  const drawing = drawShot(
    kernel,
    buildShot({ filmSize, scene, look, plate, frames: sceneFrames, earlier, closing, to }),
  );
  await runFfmpeg({
    inputs: [{ source: drawing.frames, options: rawFrames(filmSize) }],
    outputs: [{ file: to, options: ["-vf", `ass=captions-${scene}.ass`, "-f", "rawvideo"] }],
    cwd: captions,
    signal,
    timeoutMs: 600_000,
  });
  await drawing.end();
  earlier = { plate, frames: sceneFrames };
}
