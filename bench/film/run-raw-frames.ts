/** Draws the standard job's frames with captions, without encoding them: one raw file per scene. */
import { join } from "node:path";
import { drawShot } from "../../render-worker/media/camera/draw-shot.ts";
import { loadKernel } from "../../render-worker/media/camera/load-kernel.ts";
import { decodePicture } from "../../render-worker/media/decode-picture.ts";
import { buildShot, rawFrames } from "../../render-worker/media/encode-segment.ts";
import { runFfmpeg } from "../../render-worker/media/ffmpeg.ts";
import { filmSize as size } from "./make-inputs.ts";
import type { StandardJob } from "./run-standard-job.ts";

const { frames, ...job } = JSON.parse(process.argv[2] ?? "") as StandardJob & { frames: number[] };
const { signal } = new AbortController();
const kernel = loadKernel();
if (!kernel) throw new Error("the bench wants WebAssembly SIMD");
let earlier: Parameters<typeof buildShot>[0]["earlier"];
for (const [scene, { picture }] of job.scenes.entries()) {
  const [plate] = await decodePicture(
    picture,
    [{ filmSize: size, to: join(job.folder, `plate-${scene}`) }],
    signal,
  );
  const sceneFrames = frames[scene] ?? 0;
  if (!plate) throw new Error("no plate");
  const closing = scene === job.scenes.length - 1;
  const to = join(job.folder, `frames-${scene}.yuv`);
  const shot = buildShot({ filmSize: size, scene, plate, frames: sceneFrames, earlier, closing, to });
  const drawing = drawShot(kernel, shot);
  await runFfmpeg({
    inputs: [{ source: drawing.frames, options: rawFrames(size) }],
    outputs: [{ file: to, options: ["-vf", `ass=captions-${scene}.ass`, "-f", "rawvideo"] }],
    cwd: join(picture, ".."),
    signal,
    timeoutMs: 120_000,
  });
  await drawing.end();
  earlier = { plate, frames: sceneFrames };
}
