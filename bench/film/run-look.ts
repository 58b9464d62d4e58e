/** Draws or encodes one short film in one look. Its argument is a LookJob as JSON; it prints a LookReport. */
import { join } from "node:path";
import { CameraMove } from "../../contract/camera.ts";
import { filmSizes } from "../../contract/film.ts";
import { drawShot } from "../../render-worker/media/camera/draw-shot.ts";
import { loadKernel } from "../../render-worker/media/camera/load-kernel.ts";
import type { Look } from "../../render-worker/media/camera/looks.ts";
import type { Plate } from "../../render-worker/media/camera/shot.ts";
import { buildShot, encodeSegment, type Segment } from "../../render-worker/media/encode-segment.ts";

export interface LookJob {
  work: "draw" | "encode";
  look: Look;
  plates: Plate[];
  folder: string;
}
export interface LookReport {
  frames: number;
  /** Of this process alone: the camera, not the encoder. */
  cpuSeconds: number;
  files: string[];
}

const frames = 144;
const job = JSON.parse(process.argv[2] ?? "") as LookJob;
const kernel = loadKernel();
if (!kernel) throw new Error("the bench needs WebAssembly SIMD");
const cameraOf = (scene: number) => ({ move: CameraMove.options[scene] ?? "hold", pace: "usual" }) as const;
const segments = job.plates.map((plate, scene): Segment => {
  const before = job.plates[scene - 1];
  return {
    filmSize: filmSizes["16:9"],
    scene,
    camera: cameraOf(scene),
    look: job.look,
    plate,
    frames,
    earlier: before && { plate: before, frames, camera: cameraOf(scene - 1) },
    closing: scene === job.plates.length - 1,
    to: join(job.folder, `look-${scene}.mp4`),
  };
});
const startedAt = process.cpuUsage();
for (const segment of segments) {
  if (job.work === "encode") await encodeSegment(segment, new AbortController().signal);
  else {
    const drawing = drawShot(kernel, buildShot(segment));
    for await (const _ of drawing.frames);
    await drawing.end();
  }
}
const { user, system } = process.cpuUsage(startedAt);
const report: LookReport = {
  frames: frames * segments.length,
  cpuSeconds: (user + system) / 1e6,
  files: segments.map(({ to }) => to),
};
console.log(JSON.stringify(report));
