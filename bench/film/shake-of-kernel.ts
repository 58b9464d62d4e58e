import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { filmSizes } from "../../contract/film.ts";
import { drawShot } from "../../render-worker/media/camera/draw-shot.ts";
import { loadKernel } from "../../render-worker/media/camera/load-kernel.ts";
import { plainLook } from "../../render-worker/media/camera/looks.ts";
import { planCamera } from "../../render-worker/media/camera/plan.ts";
import { drawDots, measureShake } from "./measure-shake.ts";

const frames = 96;

/** The shake of the kernel's camera, in pixels of the film. NaN where the kernel cannot run. */
export async function shakeOfKernel(folder: string): Promise<number> {
  const kernel = loadKernel();
  if (!kernel) return Number.NaN;
  const filmSize = filmSizes["16:9"];
  const plate = { file: join(folder, "dots.yuv"), width: 2150, height: 1354 };
  await writeFile(plate.file, drawDots(plate.width, plate.height));
  const move = planCamera({ scene: 0 }, plate, filmSize, frames);
  const layer = { plate, move, startFrame: 0, scene: 0 };
  const shot = { filmSize, frames, closing: false, look: plainLook, layer };
  const drawing = drawShot(kernel, shot);
  const shakePx = await measureShake(drawing.frames, shot);
  await drawing.end();
  return shakePx;
}
